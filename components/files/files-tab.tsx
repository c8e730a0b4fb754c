'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useGuestParam } from '@/components/guest/use-guest-param'
import { useEngineInfo, useGuest, useJobs } from '@/components/live/live'
import { m } from '@/components/messages'
import { client, errorText, fieldErrors, queryClient, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Empty, ErrorNote } from '@/components/ui/card'
import { toast } from '@/components/ui/toasts'
import { canMoveFiles } from '@/server/model/file'
import { formatBytes } from '@/server/model/size'
import { FolderTable } from './folder-table'
import { mayUpload } from './may-upload'
import { fileMessages as w } from './messages'
import { PathBar } from './path-bar'
import { ReplaceDialog } from './replace-dialog'
import { SendList } from './send-list'
import { useSends } from './use-sends'

/** The files of a guest: look around, upload by choosing or dropping, download. */
export function FilesTab() {
  const { id } = useGuestParam()
  const guest = useGuest(id)
  const allowed = canMoveFilesOrWhy(guest, useEngineInfo(guest))
  if (!guest) return null
  return allowed === true ? <Browser key={id} id={id} /> : <Empty title={w.none} text={allowed} />
}

const canMoveFilesOrWhy = (guest: Parameters<typeof canMoveFiles>[0] | undefined, info: Parameters<typeof canMoveFiles>[1]) =>
  guest ? canMoveFiles(guest, info) : ''

function Browser({ id }: { id: string }) {
  const [path, setPath] = useState('/')
  const folder = useQuery(trpc.file.list.queryOptions({ id, path }, { staleTime: 0 }))
  const limit = useQuery(trpc.file.limit.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY })).data
  const { sends, add, drop } = useSends(id)
  const [over, setOver] = useState(false)
  const [doubtful, setDoubtful] = useState<File[]>([])
  const input = useRef<HTMLInputElement>(null)
  useReadAfterPush(id)
  const here = folder.data?.path ?? path
  const fault = fieldErrors(folder.error).path
  const allowed = mayUpload(folder.error, folder.data !== undefined)

  const take = (files: readonly File[]) => {
    if (allowed !== true) return toast(allowed, { bad: true })
    const there = new Set(folder.data?.entries.map(({ name }) => name))
    for (const file of files) if (!there.has(file.name)) add(file, here, false)
    setDoubtful((before) => [...before, ...files.filter(({ name }) => there.has(name))])
  }
  const download = async (file: string) => {
    try {
      // A browser shows nothing of why a download is refused: so it is asked before.
      await client.file.sizeOf.query({ id, path: file })
      const link = document.createElement('a')
      link.href = `/files?${new URLSearchParams({ guest: id, path: file })}`
      link.download = ''
      link.click()
    } catch (error) {
      toast(errorText(error), { bad: true })
    }
  }
  const [asked] = doubtful
  return (
    <section
      aria-label={w.title}
      className={`relative rounded-lg border p-3.5 ${over ? 'border-accent bg-accent-soft' : 'border-line'}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        // What is no file gives an entry that is a folder.
        const items = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry())
        if (items.some((item) => item?.isDirectory)) return toast(w.noFolder, { bad: true })
        take([...event.dataTransfer.files])
      }}
    >
      <div className="mb-2 flex flex-wrap items-start gap-2">
        <PathBar path={here} fault={fault} onOpen={setPath} />
        <Button look="quiet" aria-label={w.again} title={w.again} onClick={() => void folder.refetch()}>
          ⟳
        </Button>
        <Button look="primary" allowed={allowed} onClick={() => input.current?.click()}>
          {w.upload}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          aria-label={w.choose}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            take([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
      </div>
      <p className="mb-2 text-muted text-sm">
        {over && allowed === true ? w.dropNow(here) : `${w.drop} ${limit === undefined ? '' : w.limit(formatBytes(limit))}`}
      </p>
      <SendList sends={sends} onDrop={drop} />
      {folder.error && !fault && <ErrorNote>{errorText(folder.error)}</ErrorNote>}
      {!folder.data && !folder.error && <p className="text-muted">{m.connection.loading}</p>}
      {folder.data && !folder.error && <FolderTable folder={folder.data} onOpen={setPath} onDownload={download} />}
      {asked && (
        <ReplaceDialog
          key={asked.name}
          id={id}
          folder={here}
          file={asked}
          onAnswer={(replace) => {
            if (replace) add(asked, here, true)
            setDoubtful(([, ...rest]) => rest)
          }}
        />
      )}
    </section>
  )
}

/** Reads the folder again when a file has arrived in this guest, whoever sent it. */
function useReadAfterPush(id: string): void {
  const arrived = useJobs().filter((job) => job.kind === 'file.push' && job.guest === id && job.state === 'done').length
  useEffect(() => {
    if (arrived > 0) void queryClient.invalidateQueries({ queryKey: trpc.file.list.queryKey() })
  }, [arrived])
}
