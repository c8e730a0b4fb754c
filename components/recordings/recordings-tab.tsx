'use client'
import { useQuery } from '@tanstack/react-query'
import { useGuestParam } from '@/components/guest/use-guest-param'
import { useGuest } from '@/components/live/live'
import { errorText, trpc } from '@/components/trpc'
import { Empty, ErrorNote } from '@/components/ui/card'
import { recordingMessages as m } from './messages'
import { RecordingTable } from './recording-table'
import { RuleForm } from './rule-form'

/** What was recorded of this very guest, and what is from now on. */
export function RecordingsTab() {
  const { id } = useGuestParam()
  const identity = useGuest(id)?.identity ?? null
  const query = useQuery(trpc.recording.list.queryOptions({ guest: id, identity, limit: 100 }, { refetchInterval: 10_000 }))
  return (
    <div className="grid gap-4">
      <RuleForm guest={id} />
      {query.error && <ErrorNote>{errorText(query.error)}</ErrorNote>}
      {query.data?.length ? (
        <RecordingTable recordings={query.data} withGuest={false} />
      ) : query.isSuccess ? (
        <Empty title={m.none} text={m.noneText} />
      ) : null}
    </div>
  )
}
