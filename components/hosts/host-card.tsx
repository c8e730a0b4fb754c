'use client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useGuests } from '@/components/live/live'
import { m } from '@/components/messages'
import { hostPath } from '@/components/paths'
import { client, errorText, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote, Facts } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { LastSeen } from '@/components/ui/last-seen'
import { AppLink } from '@/components/ui/link'
import { toast } from '@/components/ui/toasts'
import type { HostView } from '@/server/model/host'
import { formatBytes } from '@/server/model/size'
import { Accelerator } from './accelerator'
import { EngineCard } from './engine-card'
import { HostDialog } from './host-dialog'

/** One host with its engines and its accelerator. */
export function HostCard({ host }: { host: HostView }) {
  const [looking, setLooking] = useState(false)
  const [open, setOpen] = useState<'remove' | 'edit' | null>(null)
  const count = useGuests().filter((guest) => guest.host === host.id).length
  const figures = useQuery(trpc.metrics.host.queryOptions({ id: host.id }, { enabled: host.state === 'up' })).data
  const look = async () => {
    setLooking(true)
    await client.host.refresh.mutate({ id: host.id }).catch((error: unknown) => toast(errorText(error), { bad: true }))
    setLooking(false)
  }
  const tone = host.state === 'up' ? 'text-ok' : host.state === 'down' ? 'text-bad' : 'text-busy'
  return (
    <section id={host.id} aria-label={host.name} className="rounded-lg border border-line p-3.5">
      <div className="mb-3 flex flex-wrap items-center gap-x-2.5 gap-y-2">
        <h2 className="text-lg">
          <span aria-hidden className={`${tone} mr-2`}>
            {host.state === 'up' ? '●' : host.state === 'down' ? '✕' : '◌'}
          </span>
          <AppLink href={hostPath(host.id)} className="hover:underline">
            {host.name}
          </AppLink>
        </h2>
        <span className={tone}>{m.host.state[host.state]}</span>
        <span className="text-muted">{[host.os, host.kernel, host.arch].filter(Boolean).join(' · ')}</span>
        <div className="ml-auto flex gap-2">
          <Button onClick={look} allowed={looking ? m.host.refreshing : true}>
            {looking ? m.host.refreshing : m.host.refresh}
          </Button>
          <Button onClick={() => setOpen('edit')}>{m.host.edit}</Button>
          <Button look="quiet" onClick={() => setOpen('remove')}>
            {m.host.remove}
          </Button>
        </div>
      </div>
      {host.cause && (
        <div className="mb-3">
          <ErrorNote title={host.keyChanged ? m.host.keyChanged : undefined}>
            {host.cause}
            {host.seenAt !== undefined && (
              <p>
                <LastSeen at={host.seenAt} />
              </p>
            )}
            {host.keyChanged && (
              <Button className="mt-2" onClick={() => setOpen('edit')}>
                {m.host.keyCompare}
              </Button>
            )}
          </ErrorNote>
        </div>
      )}
      <div className="grid items-start gap-x-6 gap-y-4 xl:grid-cols-[300px_minmax(0,1fr)]">
        <div className="flex flex-col gap-4">
          <Facts
            rows={[
              [
                m.nav.guests,
                <AppLink key="guests" href={`/guests?host=${encodeURIComponent(host.id)}`} className="text-accent hover:underline">
                  {count}
                </AppLink>,
              ],
              [
                m.overview.cpu,
                [host.cpus ? m.count.cpus(host.cpus) : '', figures ? m.host.load(figures.load1.toFixed(2)) : '']
                  .filter(Boolean)
                  .join(' · ') || m.common.none,
              ],
              [
                m.overview.ram,
                host.memoryBytes
                  ? (figures ? `${formatBytes(figures.memoryUsedBytes)} / ` : '') + formatBytes(host.memoryBytes)
                  : m.common.none,
              ],
              [
                m.overview.disk,
                figures?.diskFreeBytes === undefined
                  ? m.common.none
                  : `${formatBytes(figures.diskFreeBytes)}${figures.diskBytes ? ` / ${formatBytes(figures.diskBytes)}` : ''}`,
              ],
              ...(host.ssh
                ? ([
                    [
                      m.host.reached,
                      <code key="ssh" className="break-all font-mono text-sm">
                        {`${host.ssh.user}@${host.ssh.address}${host.ssh.port === 22 ? '' : ` port ${host.ssh.port}`}`}
                      </code>,
                    ],
                  ] satisfies [string, ReactNode][])
                : []),
              ...(host.libvirtUri
                ? ([
                    [
                      m.host.uri,
                      <code key="uri" className="font-mono text-sm">
                        {host.libvirtUri}
                      </code>,
                    ],
                  ] satisfies [string, ReactNode][])
                : []),
            ]}
          />
          {host.libvirtUri.startsWith('qemu') && host.system !== 'FreeBSD' && <Accelerator host={host} />}
        </div>
        <ul aria-label={m.host.engines} className="flex flex-col gap-3">
          {host.engines.map((engine) => (
            <li key={engine.kind} className="rounded-md border border-line p-3">
              <EngineCard engine={engine} />
            </li>
          ))}
        </ul>
      </div>
      {open === 'remove' && <RemoveHost host={host} onClose={() => setOpen(null)} />}
      {open === 'edit' && <HostDialog host={host} onClose={() => setOpen(null)} />}
    </section>
  )
}

function RemoveHost({ host, onClose }: { host: HostView; onClose: () => void }) {
  const [error, setError] = useState<string | null>(null)
  const remove = async () => {
    try {
      await client.host.remove.mutate({ id: host.id })
      onClose()
    } catch (failure) {
      setError(errorText(failure))
    }
  }
  return (
    <Dialog title={m.host.removeTitle(host.name)} onClose={onClose}>
      <p className="mb-3">{m.host.removeLost}</p>
      {error && <ErrorNote>{error}</ErrorNote>}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{m.common.cancel}</Button>
        <Button look="danger" onClick={remove}>
          {m.host.remove}
        </Button>
      </div>
    </Dialog>
  )
}
