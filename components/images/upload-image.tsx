'use client'
import { useRef, useState } from 'react'
import { formatSpan } from '@/components/format'
import { m } from '@/components/messages'
import { errorText, fieldErrors } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { CheckField, Field, TextField } from '@/components/ui/field'
import type { Arch } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import { formatBytes, formatRate } from '@/server/model/size'
import { requestImage } from './request-image'
import { type Sending, sendFile } from './send-file'
import { TitleAndArch } from './title-and-arch'

const w = m.image
type Progress = Sending & { rate: number; done: boolean }

/** Sends a qcow2, raw or ISO file to the host, then has it taken in as an image. */
export function UploadImage({ host }: { host: HostView }) {
  const [file, setFile] = useState<File | null>(null)
  const [title, setTitle] = useState('')
  const [arch, setArch] = useState<Arch>('x86_64')
  const [cloudInit, setCloudInit] = useState(false)
  const [sha256, setSha256] = useState('')
  const [progress, setProgress] = useState<Progress | null>(null)
  const [error, setError] = useState<unknown>(null)
  const abort = useRef<AbortController | null>(null)
  const badSum = sha256.trim() !== '' && !/^[0-9a-f]{64}$/i.test(sha256.trim())
  const errors = fieldErrors(error)

  const choose = (chosen: File | null) => {
    setFile(chosen)
    setError(null)
    if (chosen) setTitle(chosen.name.replace(/\.(qcow2|img|raw|iso)$/i, ''))
  }
  const send = async (chosen: File) => {
    const controller = new AbortController()
    abort.current = controller
    setError(null)
    const began = Date.now()
    let first: number | null = null
    try {
      const upload = await sendFile({
        host: host.id,
        file: chosen,
        sha256: sha256.trim() || undefined,
        signal: controller.signal,
        onProgress: (sending) => {
          first ??= sending.received
          setProgress({
            ...sending,
            rate: ((sending.received - first) / Math.max(1, Date.now() - began)) * 1000,
            done: sending.received === chosen.size,
          })
        },
      })
      await requestImage({ kind: 'import', host: host.id, upload, title, arch, cloudInit })
      setFile(null)
      setTitle('')
      setSha256('')
    } catch (failure) {
      if (!controller.signal.aborted) setError(failure)
    }
    setProgress(null)
    abort.current = null
  }
  return (
    <form
      aria-label={w.upload}
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (file && !progress && !badSum) void send(file)
      }}
    >
      <p className="text-muted text-sm">{w.uploadText}</p>
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
        onChange={(event) => setSha256(event.target.value)}
        error={badSum ? w.sha256Bad : errors.sha256}
        mono
        spellCheck={false}
      />
      <CheckField label={w.cloudInit} checked={cloudInit} onChange={(event) => setCloudInit(event.target.checked)} />
      {progress && file && <Bar progress={progress} total={file.size} />}
      {error && Object.keys(errors).length === 0 ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
      <div className="flex gap-2">
        <Button type="submit" look="primary" allowed={file ? !badSum || w.sha256Bad : w.file} aria-busy={progress !== null}>
          {w.start}
        </Button>
        {progress && <Button onClick={() => abort.current?.abort()}>{w.stop}</Button>}
      </div>
    </form>
  )
}

function Bar({ progress, total }: { progress: Progress; total: number }) {
  const left = progress.rate > 0 ? ((total - progress.received) / progress.rate) * 1000 : null
  return (
    <div role="status" className="text-muted text-sm">
      <progress aria-label={w.upload} max={total} value={progress.received} className="h-1.5 w-full accent-accent" />
      <p>
        {progress.done ? w.importing : progress.waiting ? w.waiting : w.sending(formatBytes(progress.received), formatBytes(total))}
        {!progress.done && !progress.waiting && left !== null && ` · ${w.rate(formatRate(progress.rate), formatSpan(left))}`}
      </p>
    </div>
  )
}
