'use client'
import { memo, type ReactNode } from 'react'
import { cpuText, diskText, LiveFigure, MemoryMeter, netText } from '@/components/guest/figures'
import { kindText } from '@/components/guest/kind-text'
import { CpuSpark } from '@/components/guest/spark'
import { doing, StateMark, stateColour } from '@/components/guest/state-mark'
import { useActiveJob, useGuest, useHost } from '@/components/live/live'
import { m } from '@/components/messages'
import { guestPath, jobPath } from '@/components/paths'
import { Since } from '@/components/ui/clock'
import { LastSeen } from '@/components/ui/last-seen'
import { AppLink } from '@/components/ui/link'
import type { Guest } from '@/server/model/guest'
import { formatBytes } from '@/server/model/size'
import { type Column, numeric } from './columns'

type Props = { id: string; shown: readonly Column[]; selected: boolean; onSelect: (id: string, range: boolean) => void; index: number }

/** One guest of the list. It listens to its own guest only. */
export const GuestRow = memo(function GuestRow({ id, shown, selected, onSelect, index }: Props) {
  const guest = useGuest(id)
  const job = useActiveJob(id)
  const host = useHost(guest?.host ?? '')
  if (!guest) return null
  const words = doing(guest, job)
  const live = guest.state === 'running' && !job
  const lost = guest.lastSeenAt
  const cells: Record<Column, () => ReactNode> = {
    state: () => <StateMark state={guest.state} busy={job !== undefined} words={words} />,
    name: () => (
      <AppLink href={guestPath(id)} className="font-mono font-semibold text-sm hover:underline" title={guest.name}>
        {guest.name}
        {guest.protected && <Lock />}
        {guest.hidden && <span className="ml-1 font-normal font-sans text-muted">{m.guest.hidden}</span>}
      </AppLink>
    ),
    kind: () => <span title={kindText(guest)}>{kindText(guest)}</span>,
    host: () => <span className="text-muted">{host?.name ?? guest.host}</span>,
    os: () => <SystemCell guest={guest} hostArch={host?.arch} />,
    cpu: () =>
      live ? (
        <span className="flex items-center justify-between gap-1">
          <CpuSpark id={id} />
          <LiveFigure id={id} write={cpuText} />
        </span>
      ) : job ? (
        <AppLink href={jobPath(job.id)} className="text-busy hover:underline">
          {words} · <Since at={job.startedAt ?? job.createdAt} busy />
        </AppLink>
      ) : (
        <span className={stateColour(guest.state)} title={guest.warning}>
          {lost === undefined ? words : <LastSeen at={lost} short />}
          {guest.warning && lost === undefined && (
            <AppLink href={guestPath(id)} className="ml-1 underline">
              {m.guest.why}
            </AppLink>
          )}
        </span>
      ),
    memory: () =>
      live ? (
        <MemoryMeter id={id} limit={guest.memoryBytes} />
      ) : (
        <span className="text-muted">{guest.memoryUnlimited ? m.guest.unlimited : formatBytes(guest.memoryBytes)}</span>
      ),
    disk: () => (live ? <LiveFigure id={id} write={diskText} /> : null),
    net: () => (live ? <LiveFigure id={id} write={netText} /> : null),
    address: () => (
      <span className="font-mono text-sm" title={guest.addresses.join('\n')}>
        {guest.addresses[0]}
      </span>
    ),
    up: () =>
      guest.startedAt && guest.state !== 'stopped' ? (
        <span className="text-muted">
          <Since at={guest.startedAt} />
        </span>
      ) : null,
    tags: () =>
      guest.tags.map((tag) => (
        <span key={tag} className="mr-1 rounded-full border border-line px-2 py-px text-muted text-sm">
          {tag}
        </span>
      )),
  }
  return (
    <tr
      aria-selected={selected}
      aria-rowindex={index + 2}
      className={`${selected ? 'bg-accent-soft' : 'hover:bg-hover'} ${lost === undefined ? '' : 'text-muted'}`}
    >
      <td>
        <input
          type="checkbox"
          aria-label={m.guest.select(guest.name)}
          checked={selected}
          onChange={(event) => onSelect(id, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
          className="block size-3.5 accent-accent"
        />
      </td>
      {shown.map((column) => (
        <td key={column} className={`whitespace-nowrap ${numeric.includes(column) ? 'num' : ''}`}>
          {cells[column]()}
        </td>
      ))}
    </tr>
  )
})

/** It cannot be removed while this stands beside its name. */
const Lock = () => (
  <svg role="img" aria-label={m.guest.protected} viewBox="0 0 10 12" className="ml-1 inline-block h-[11px] text-muted">
    <title>{m.guest.protected}</title>
    <path fill="none" stroke="currentColor" strokeWidth="1.3" d="M2.5 5.5V3.6a2.5 2.5 0 0 1 5 0v1.9M1 5.5h8v5.7H1z" />
  </svg>
)

/** The arch is named where it is not the host's own: such a guest is slow. */
function SystemCell({ guest, hostArch }: { guest: Guest; hostArch: string | undefined }) {
  const emulated = guest.accel === 'tcg' && guest.arch && guest.arch !== hostArch ? ` · ${guest.arch} ${m.accel.tcg}` : ''
  const text = `${guest.os ?? ''}${emulated}`.replace(/^ · /, '')
  return (
    <span className="text-muted" title={text}>
      {text || m.common.none}
    </span>
  )
}
