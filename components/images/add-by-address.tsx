'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { m } from '@/components/messages'
import { errorText, fieldErrors, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { CheckField, SelectField, TextField } from '@/components/ui/field'
import type { Arch } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import { requestImage } from './request-image'
import { TitleAndArch } from './title-and-arch'

const w = m.image

/** Has the host fetch an image, checked against its checksum; the catalogue fills the form in. */
export function AddByAddress({ host }: { host: HostView }) {
  const catalogue = useQuery(trpc.image.catalogue.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY })).data ?? []
  const [url, setUrl] = useState('')
  const [checksum, setChecksum] = useState('')
  const [title, setTitle] = useState('')
  const [arch, setArch] = useState<Arch>('x86_64')
  const [cloudInit, setCloudInit] = useState(true)
  const [allowPrivate, setPrivate] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [sending, setSending] = useState(false)
  const errors = fieldErrors(error)
  const fetchIt = async () => {
    setSending(true)
    setError(null)
    try {
      await requestImage({
        kind: 'download',
        host: host.id,
        title,
        url: url.trim(),
        checksum: checksum.trim(),
        arch,
        allowPrivate,
        cloudInit,
      })
      setUrl('')
      setChecksum('')
      setTitle('')
    } catch (failure) {
      setError(failure)
    }
    setSending(false)
  }
  const fill = (id: string) => {
    const entry = catalogue.find((each) => each.id === id)
    if (!entry) return
    setUrl(entry.url)
    setChecksum(entry.checksumUrl)
    setTitle(entry.title)
    setArch(entry.arch)
    setCloudInit(entry.cloudInit)
  }
  return (
    <form
      aria-label={w.add}
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!sending) void fetchIt()
      }}
    >
      <p className="text-muted text-sm">{w.addText}</p>
      {catalogue.length > 0 && (
        <SelectField label={w.catalogue} hint={w.catalogueText} value="" onChange={(event) => fill(event.target.value)}>
          <option value="">{m.common.none}</option>
          {catalogue.map((entry) => (
            <option key={entry.id} value={entry.id}>
              {entry.title} · {entry.arch}
            </option>
          ))}
        </SelectField>
      )}
      <TextField
        label={w.url}
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        error={errors.url}
        placeholder="https://"
        mono
        inputMode="url"
        spellCheck={false}
      />
      <TextField
        label={w.checksum}
        hint={w.checksumHint}
        value={checksum}
        onChange={(event) => setChecksum(event.target.value)}
        error={errors.checksum}
        mono
        spellCheck={false}
      />
      <TitleAndArch title={title} onTitle={setTitle} arch={arch} onArch={setArch} error={errors.title} />
      <CheckField label={w.cloudInit} checked={cloudInit} onChange={(event) => setCloudInit(event.target.checked)} />
      <CheckField label={w.allowPrivate} checked={allowPrivate} onChange={(event) => setPrivate(event.target.checked)} />
      {error && Object.keys(errors).length === 0 ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
      <div>
        <Button type="submit" look="primary" aria-busy={sending}>
          {w.fetch}
        </Button>
      </div>
    </form>
  )
}
