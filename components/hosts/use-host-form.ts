import { useState } from 'react'
import { client, errorText, fieldErrors } from '@/components/trpc'
import type { HostFinding, HostKey } from '@/server/model/host'
import { type HostForm, nameFromAddress, portOf, settingsOf } from './host-form'

type Doing = 'connect' | 'test' | 'save'

/** What the server says of an input, under the form's own names: "settings.ssh.key.path" is keyPath, "ssh.port" is port. */
function formErrors(error: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [path, words] of Object.entries(fieldErrors(error))) {
    const field = path.replace(/^settings\./, '').replace(/^ssh\./, '')
    found[field === 'key.path' ? 'keyPath' : field] ??= words
  }
  return found
}

/** The form of a host and the steps it goes through: connect, confirm the key, test, save. */
export function useHostForm(start: HostForm, onSaved: () => void, id?: string) {
  const [form, setForm] = useState(start)
  const [named, setNamed] = useState(id !== undefined)
  const [shown, setShown] = useState<HostKey | null>(null)
  const [findings, setFindings] = useState<HostFinding[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [doing, setDoing] = useState<Doing | null>(null)

  function change(part: Partial<HostForm>): void {
    const moved = part.address !== undefined || part.port !== undefined || part.transport !== undefined
    if (part.name !== undefined) setNamed(true)
    setForm((before) => ({
      ...before,
      ...part,
      // Another machine has another key.
      ...(moved && { hostKey: '' }),
      ...(part.address !== undefined && !named && { name: nameFromAddress(part.address) }),
    }))
    if (moved) setShown(null)
    setFindings(null)
    setError(null)
  }

  async function run<T>(what: Doing, work: () => Promise<T>): Promise<T | null> {
    setDoing(what)
    setError(null)
    try {
      return await work()
    } catch (failure) {
      setError(failure)
      return null
    } finally {
      setDoing(null)
    }
  }

  /** Asks the machine for its key, which is shown and not believed. */
  async function connect(): Promise<void> {
    setShown(null)
    const asked = { address: form.address.trim(), port: portOf(form), user: form.user.trim(), name: form.name.trim() || undefined }
    const keys = await run('connect', () => client.host.scan.mutate(asked))
    if (keys) setShown(keys.find(({ hostKey }) => hostKey === form.hostKey) ?? keys[0] ?? null)
  }

  async function test(with_: HostForm = form): Promise<void> {
    setFindings(null)
    setFindings(await run('test', () => client.host.test.mutate(settingsOf(with_))))
  }

  return {
    form,
    change,
    shown,
    findings,
    doing,
    errors: formErrors(error),
    /** The words of an error that belongs to no input. */
    error: error && Object.keys(formErrors(error)).length === 0 ? errorText(error) : null,
    connect,
    /** Somebody compared the key: it is pinned, and the way in is tried at once. */
    async confirm(key: HostKey): Promise<void> {
      const next = { ...form, hostKey: key.hostKey }
      setForm(next)
      await test(next)
    },
    test: () => test(),
    async save(): Promise<void> {
      const settings = settingsOf(form)
      const done = await run('save', () =>
        id === undefined ? client.host.add.mutate(settings) : client.host.update.mutate({ id, settings }),
      )
      if (done) onSaved()
    },
  }
}

export type HostFormState = ReturnType<typeof useHostForm>
