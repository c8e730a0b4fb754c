'use client'
import { useState } from 'react'
import { m } from '@/components/messages'
import { errorText, fieldErrors } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { CheckField, Field, TextField } from '@/components/ui/field'
import type { Arch } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import { formatBytes } from '@/server/model/size'
import { type ImportEnd, useTaking } from './import-end'
import { requestImage } from './request-image'
import { TitleAndArch } from './title-and-arch'
import { UploadBar } from './upload-bar'
import { useSending } from './use-sending'

const w = m.image

/** Sends a qcow2, raw or ISO file to the host, then has it taken in as an image. What was typed stays until that is done. */
export function UploadImage({ host }: { host: HostView }) {
  const [file, setFile] = useState<File | null>(null)
  const [title, setTitle] = useState('')
  const [arch, setArch] = useState<Arch>('x86_64')
  const [cloudInit, setCloudInit] = useState(false)
  const [sha256, setSha256] = useState('')
  const { progress, error, stopped, send, stop, forget } = useSending()
  const [end, setEnd] = useState<ImportEnd | null>(null)
  const [job, setJob] = useState<string | null>(null)
  const taking = useTaking(job, (end) => {
    setJob(null)
    setEnd(end)
    if (end.taken) {
      setFile(null)
      setTitle('')
      setSha256('')
    }
  })
  const badSum = sha256.trim() !== '' && !/^[0-9a-f]{64}$/i.test(sha256.trim())
  const errors = fieldErrors(error)

  const choose = (chosen: File | null) => {
    setFile(chosen)
    setJob(null)
    setEnd(null)
    forget()
    if (chosen) setTitle(chosen.name.replace(/\.(qcow2|img|raw|iso)$/i, ''))
  }
  const upload = async (chosen: File) => {
    const sum = sha256.trim() || undefined
    setEnd(null)
    await send(chosen, { host: host.id, sha256: sum }, async (id) =>
      setJob(await requestImage({ kind: 'import', host: host.id, upload: id, title, arch, cloudInit })),
    )
  }
  return (
    <form
      aria-label={w.upload}
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (file && !progress && !taking && !badSum) void upload(file)
      }}
    >
      <p className="text-muted text-sm">{host.transport === 'ssh' ? `${w.uploadText} ${w.uploadFar(host.name)}` : w.uploadText}</p>
      <Field label={w.file} error={errors.fileName ?? errors.sizeBytes}>
        {(wiring) => (
          <input
            {...wiring}
            key={file ? 'chosen' : 'none'}
            type="file"
            accept=".qcow2,.img,.raw,.iso"
            onChange={(event) => event.target.files?.[0] && choose(event.target.files[0])}
            className="field"
          />
        )}
      </Field>
      {file && <p className="-mt-2 break-all font-mono text-sm">{`${file.name} · ${formatBytes(file.size)}`}</p>}
      <TitleAndArch title={title} onTitle={setTitle} arch={arch} onArch={setArch} error={errors.title} />
      <TextField
        label={`${w.sha256} (${m.common.optional})`}
        value={sha256}
        onChange={(event) => {
          setSha256(event.target.value)
          setEnd(null)
        }}
        error={badSum ? w.sha256Bad : (errors.sha256 ?? end?.sha256)}
        mono
        spellCheck={false}
      />
      <CheckField label={w.cloudInit} checked={cloudInit} onChange={(event) => setCloudInit(event.target.checked)} />
      {progress && <UploadBar progress={progress} />}
      {(taking || stopped) && (
        <p role="status" className="text-muted text-sm">
          {taking ? w.importing : w.stopped}
        </p>
      )}
      {end?.error && <ErrorNote>{end.error}</ErrorNote>}
      {error && Object.keys(errors).length === 0 ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
      <div className="flex gap-2">
        <Button
          type="submit"
          look="primary"
          allowed={!file ? w.chooseFile : taking ? w.importing : !badSum || w.sha256Bad}
          aria-busy={progress !== null}
        >
          {w.start}
        </Button>
        {progress && <Button onClick={stop}>{w.stop}</Button>}
      </div>
    </form>
  )
}
