'use client'
import { useParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { startLive, useHost, usePhase } from '@/components/live/live'
import { hostPath } from '@/components/paths'
import { client, errorText, isForbidden } from '@/components/trpc'
import { lazily } from '@/components/ui/lazily'
import { AppLink } from '@/components/ui/link'
import { decoded } from '@/server/model/decoded'
import type { HostView } from '@/server/model/host'
import './console.css'
import { hostShellMessages as m } from './host-shell-messages'
import { consoleMessages } from './messages'

const loading = <p className="text-muted">{consoleMessages.loading}</p>
const Terminal = lazily(() => import('./terminal').then((module) => module.default), loading)

type Shell = { refused: string | null; user: string | null }

/** The shell of the host in the address. `own`: it fills a window of its own. */
export function HostShellPage({ own = false }: { own?: boolean }) {
  const { id: raw = '' } = useParams<{ id: string }>()
  const id = decoded(raw)
  useEffect(startLive, [])
  const host = useHost(id)
  const phase = usePhase()
  const name = host?.name ?? id
  useEffect(() => {
    document.title = m.title(name)
  })
  if (!host) return <p className="p-4 text-muted">{phase === 'ready' ? m.absent : consoleMessages.loading}</p>
  return <HostShell key={host.id} host={host} own={own} />
}

function HostShell({ host, own }: { host: HostView; own: boolean }) {
  const [shell, setShell] = useState<Shell | null>(null)
  const { id } = host
  useEffect(() => {
    let here = true
    client.host.shell.query({ id }).then(
      (answer) => here && setShell(answer),
      // Who it runs as is worth knowing, not a condition: the console says itself why it cannot be opened.
      (error: unknown) => here && setShell({ refused: isForbidden(error) ? errorText(error) : null, user: null }),
    )
    return () => {
      here = false
    }
  }, [id])
  if (!shell) return loading
  const where = host.transport === 'local' ? m.local : m.ssh(host.ssh?.address ?? '')
  if (shell.refused !== null)
    return (
      <div className="grid justify-items-start gap-2 p-4">
        <h1>{m.title(host.name)}</h1>
        <p role="status">{shell.refused}</p>
        <a className="console-button" href={hostPath(id)}>
          {m.toHost(host.name)}
        </a>
      </div>
    )
  const bar = (
    <>
      <h1 className="font-mono font-semibold">
        {own ? (
          host.name
        ) : (
          <AppLink href={hostPath(id)} className="text-accent hover:underline">
            {host.name}
          </AppLink>
        )}
      </h1>
      <span className="console-pill" title={m.shared}>
        {m.runsAs(shell.user)} {where}
      </span>
    </>
  )
  const end = own ? null : (
    <a className="console-button" href={`/console/host/${encodeURIComponent(id)}`} target="_blank" rel="noopener">
      {consoleMessages.ownWindow}
    </a>
  )
  return (
    <section className={`console${own ? ' console-own' : ''}`} aria-label={consoleMessages.kind}>
      <Terminal subject={{ host }} kind="shell" bar={bar} end={end} />
    </section>
  )
}
