import { m } from '@/components/messages'
import type { Guest, GuestState } from '@/server/model/guest'
import type { JobSummary } from '@/server/model/job'

const marks = {
  running: ['●', 'text-ok'],
  stopped: ['○', 'text-muted'],
  paused: ['‖', 'text-warn'],
  starting: ['◌', 'text-busy'],
  stopping: ['◌', 'text-busy'],
  crashed: ['✕', 'text-bad'],
  unknown: ['?', 'text-muted'],
} satisfies Record<GuestState, [string, string]>

/** The state as a mark of its own shape and colour, and as a word for those who see neither. */
export function StateMark({ state, busy, words }: { state: GuestState; busy?: boolean; words?: string }) {
  const [mark, colour] = busy ? (['◌', 'text-busy'] as const) : marks[state]
  const label = words ?? m.state[state]
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={`inline-block w-3.5 shrink-0 text-center ${colour} ${mark === '◌' ? 'turning' : ''}`}
    >
      {mark}
    </span>
  )
}

export const stateColour = (state: GuestState): string => marks[state][1]

/** What it is doing now, in a word: a job under way counts before the state. */
export const doing = (guest: Guest, job: JobSummary | undefined): string => (job && m.doing[job.kind]) || m.state[guest.state]
