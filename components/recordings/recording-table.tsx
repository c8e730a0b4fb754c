'use client'
import { useState } from 'react'
import { formatTime } from '@/components/format'
import { useGuest } from '@/components/live/live'
import { guestPath } from '@/components/paths'
import { Button } from '@/components/ui/button'
import { Grid, type GridColumn, RowButtons } from '@/components/ui/grid'
import { AppLink } from '@/components/ui/link'
import type { RecordingInfo } from '@/server/model/recording'
import { formatBytes } from '@/server/model/size'
import { FileLinks } from './file-links'
import { recordingMessages as m } from './messages'
import { formatClock, guestName, recordingPath, who } from './recording-text'
import { RemoveRecording } from './remove-recording'

/** Recordings, one a line: of what, when, how long, by whom; and what can be done with each. */
export function RecordingTable({ recordings, withGuest = true }: { recordings: readonly RecordingInfo[]; withGuest?: boolean }) {
  const [removing, setRemoving] = useState<RecordingInfo | null>(null)
  const columns: GridColumn<RecordingInfo>[] = [
    ...(withGuest
      ? [{ head: m.guest, cell: (each: RecordingInfo) => <Guest recording={each} />, className: 'max-w-[200px] truncate' }]
      : []),
    {
      head: m.started,
      cell: (each) => (
        <AppLink
          href={recordingPath(each.id)}
          className="text-accent hover:underline"
          aria-label={m.playOf(guestName(each.guest), formatTime(each.startedAt))}
        >
          {formatTime(each.startedAt)}
        </AppLink>
      ),
      className: 'whitespace-nowrap',
    },
    {
      head: m.kind,
      cell: (each) => (
        <span className="text-muted">
          {m.kinds[each.kind]}
          {each.input && `, ${m.input}`}
        </span>
      ),
      wide: true,
    },
    { head: m.length, cell: (each) => <Length recording={each} />, num: true },
    {
      head: m.size,
      cell: (each) => (
        <span className="text-muted" title={m.sizeHint}>
          {formatBytes(each.sizeBytes)}
        </span>
      ),
      num: true,
      wide: true,
    },
    { head: m.who, cell: (each) => <span className="text-muted">{who(each)}</span>, wide: true, className: 'max-w-[220px] truncate' },
    {
      head: '',
      cell: (each) => (
        <RowButtons>
          <FileLinks recording={each} />
          <Button look="quiet" onClick={() => setRemoving(each)} aria-label={m.removeOf(guestName(each.guest), formatTime(each.startedAt))}>
            {m.remove}
          </Button>
        </RowButtons>
      ),
      wide: true,
    },
  ]
  return (
    <>
      <Grid label={m.title} columns={columns} rows={recordings} keyOf={({ id }) => id} />
      {removing && <RemoveRecording recording={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

/** The guest, as a link while it is still the one that was recorded. */
function Guest({ recording: { guest, identity } }: { recording: RecordingInfo }) {
  const now = useGuest(guest)
  const name = <span className="font-mono text-sm">{guestName(guest)}</span>
  if (!now || now.identity !== identity) return name
  return (
    <AppLink href={guestPath(guest, 'recordings')} className="hover:underline">
      {name}
    </AppLink>
  )
}

function Length({ recording: { endedAt, seconds } }: { recording: RecordingInfo }) {
  if (endedAt !== undefined) return <span className="text-muted">{formatClock(seconds)}</span>
  return (
    <span className="text-bad">
      <span aria-hidden>● </span>
      {m.live}
    </span>
  )
}
