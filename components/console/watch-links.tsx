import { useCallback, useEffect, useState } from 'react'
import { formatTime, formatZonedTime } from '@/components/format'
import { client, errorText } from '@/components/trpc'
import { Copy } from '@/components/ui/copy'
import { Dialog } from '@/components/ui/dialog'
import type { ConsoleKind } from '@/server/model/guest'
import { type WatchLinkView, watchMinutes } from '@/server/model/watch'
import { consoleMessages } from './messages'
import { watchMessages as m } from './people-messages'

/** `guest`: its id; `name` is for people. */
export type WatchTarget = { guest: string; name: string; kind: ConsoleKind }

/** Makes, lists and revokes links that show this console to whoever holds them. */
export function WatchLinks({ guest, name, kind, onClose }: WatchTarget & { onClose: () => void }) {
  const [links, setLinks] = useState<WatchLinkView[] | null>(null)
  const [minutes, setMinutes] = useState<(typeof watchMinutes)[number]>(60)
  const [made, setMade] = useState<{ id: string; address: string } | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const load = useCallback(
    () =>
      client.watch.list.query({ id: guest }).then(setLinks, (cause: unknown) => {
        setLinks((known) => known ?? [])
        setError(errorText(cause))
      }),
    [guest],
  )
  useEffect(() => void load(), [load])

  const run = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setError('')
    await work().catch((cause: unknown) => setError(errorText(cause)))
    await load()
    setBusy(false)
  }
  const make = () =>
    run(async () => {
      const { token, link } = await client.watch.make.mutate({ id: guest, kind, minutes })
      setMade({ id: link.id, address: new URL(`/watch/${token}`, location.href).href })
    })
  const revoke = (id: string) =>
    run(async () => {
      await client.watch.revoke.mutate({ id: guest, link: id })
      setMade((now) => (now?.id === id ? null : now))
    })

  return (
    <Dialog title={m.title(name)} onClose={onClose}>
      <div className="grid gap-3.5">
        <p className="text-muted">{m.text(consoleMessages.kinds[kind])}</p>
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void make()
          }}
        >
          <label className="grid gap-1">
            {m.time}
            <select
              className="field"
              value={minutes}
              onChange={(event) => setMinutes(watchMinutes.find((each) => String(each) === event.target.value) ?? 60)}
            >
              {watchMinutes.map((each) => (
                <option key={each} value={each}>
                  {m.times[each]}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className="console-button console-primary" disabled={busy}>
            {busy ? m.making : m.make}
          </button>
        </form>
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
        {made && (
          <div className="grid gap-1.5 rounded-md border border-line p-2.5">
            <label className="grid gap-1">
              {m.made}
              <input className="field w-full font-mono" readOnly value={made.address} onFocus={(event) => event.target.select()} />
            </label>
            <p className="flex flex-wrap items-center justify-between gap-2 text-muted">
              {m.madeText}
              <Copy text={made.address} label={m.copy} />
            </p>
          </div>
        )}
        {links === null ? <p className="text-muted">{m.loading}</p> : <List links={links} busy={busy} onRevoke={revoke} />}
        <div className="flex justify-end">
          <button type="button" className="console-button" onClick={onClose}>
            {m.close}
          </button>
        </div>
      </div>
    </Dialog>
  )
}

function List({ links, busy, onRevoke }: { links: WatchLinkView[]; busy: boolean; onRevoke: (id: string) => void }) {
  if (links.length === 0) return <p className="text-muted">{m.none}</p>
  return (
    <ul aria-label={m.list} className="grid">
      {links.map(({ id, by, kind, expiresAt, lastUsedAt, watching }) => (
        <li key={id} className="flex items-center gap-2 border-line border-t py-2">
          <span className="min-w-0 grow">
            <span className="block truncate">{m.by(by, consoleMessages.kinds[kind])}</span>
            <span className="block text-muted text-xs">
              {[
                m.until(formatZonedTime(expiresAt)),
                lastUsedAt === null ? m.unused : m.used(formatTime(lastUsedAt)),
                ...(watching > 0 ? [m.watching(watching)] : []),
              ].join(' · ')}
            </span>
          </span>
          <button
            type="button"
            className="console-button"
            disabled={busy}
            aria-label={m.revokeOf(by, formatTime(expiresAt))}
            onClick={() => onRevoke(id)}
          >
            {m.revoke}
          </button>
        </li>
      ))}
    </ul>
  )
}
