'use client'
import { useState } from 'react'
import { requestImage } from '@/components/images/request-image'
import { UploadBar } from '@/components/images/upload-bar'
import { useSending } from '@/components/images/use-sending'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { errorText, fieldErrors } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Field, TextField } from '@/components/ui/field'
import type { HostView } from '@/server/model/host'

const w = cbsd.host.media

/** A name that the engine takes, out of that of a file. */
const nameOf = (file: string) => file.replace(/[^A-Za-z0-9_.@+-]+/g, '-').replace(/^[^A-Za-z0-9_]+/, '')

/** Sends a CD of the person's own machine to the host, and has its engine take it in. */
export function UploadMedium({ host, onClose }: { host: HostView; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState('')
  const { progress, error, send, stop, forget } = useSending()
  const errors = fieldErrors(error)
  const upload = async (chosen: File) => {
    const sent = await send(chosen, { host: host.id, medium: true }, (id) =>
      requestImage({ kind: 'medium', host: host.id, upload: id, medium: name }),
    )
    if (sent) onClose()
  }
  const close = () => {
    stop()
    onClose()
  }
  return (
    <Dialog title={w.uploadTitle(host.name)} onClose={close}>
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (file && name && !progress) void upload(file)
        }}
      >
        <p className="text-muted">{w.uploadText}</p>
        <Field label={m.image.file} error={errors.fileName ?? errors.sizeBytes}>
          {(wiring) => (
            <input
              {...wiring}
              type="file"
              accept=".iso"
              onChange={(event) => {
                const chosen = event.target.files?.[0]
                if (!chosen) return
                forget()
                setFile(chosen)
                setName(nameOf(chosen.name))
              }}
              className="field"
            />
          )}
        </Field>
        <TextField
          label={cbsd.guest.medium.key}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={errors.medium ?? errors['operation.medium']}
          mono
          autoComplete="off"
          spellCheck={false}
        />
        {progress && <UploadBar progress={progress} />}
        {error && Object.keys(errors).length === 0 ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
        <div className="mt-1 flex justify-end gap-2">
          <Button onClick={close}>{progress ? m.image.stop : m.common.cancel}</Button>
          <Button
            type="submit"
            look="primary"
            allowed={file ? name !== '' || cbsd.guest.medium.key : m.image.file}
            aria-busy={progress !== null}
          >
            {m.image.start}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
