'use client'
import { useState } from 'react'
import { m } from '@/components/messages'
import { client, errorText, fieldErrors } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { TextField } from '@/components/ui/field'

const w = m.host

/** Another libvirt address or Incus directory as a host of its own. */
export function AddHost({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [libvirtUri, setUri] = useState('')
  const [incusDir, setIncus] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [sending, setSending] = useState(false)
  const errors = fieldErrors(error)
  const add = async () => {
    setSending(true)
    try {
      await client.host.add.mutate({ name, transport: 'local', libvirtUri: libvirtUri.trim(), incusDir: incusDir.trim() })
      onClose()
    } catch (failure) {
      setError(failure)
      setSending(false)
    }
  }
  return (
    <Dialog title={w.add} onClose={onClose}>
      <p className="mb-3 text-muted">{w.addText}</p>
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!sending) void add()
        }}
      >
        <TextField
          label={w.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={errors.name}
          autoComplete="off"
          autoFocus
        />
        <TextField
          label={w.uri}
          hint={w.uriHint}
          value={libvirtUri}
          onChange={(event) => setUri(event.target.value)}
          error={errors.libvirtUri}
          mono
          autoComplete="off"
          spellCheck={false}
        />
        <TextField
          label={w.incus}
          hint={w.incusHint}
          value={incusDir}
          onChange={(event) => setIncus(event.target.value)}
          error={errors.incusDir}
          mono
          autoComplete="off"
          spellCheck={false}
        />
        {error && Object.keys(errors).length === 0 ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button type="submit" look="primary" aria-busy={sending}>
            {w.addIt}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
