import { useJob } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { m } from '@/components/messages'
import { jobPath } from '@/components/paths'
import { errorText } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { AppLink } from '@/components/ui/link'
import { formatBytes } from '@/server/model/size'
import { fileMessages as w } from './messages'
import type { Send } from './use-sends'

/** Files on their way into the guest, and what became of them. */
export function SendList({ sends, onDrop }: { sends: readonly Send[]; onDrop: (key: number) => void }) {
  if (sends.length === 0) return null
  return (
    <section aria-label={w.sends} className="mb-3 rounded-lg border border-line">
      <ul>
        {sends.map((send) => (
          <One key={send.key} send={send} onDrop={() => onDrop(send.key)} />
        ))}
      </ul>
    </section>
  )
}

function One({ send, onDrop }: { send: Send; onDrop: () => void }) {
  const { name, size, stage } = send
  const job = useJob(stage.at === 'writing' ? stage.job : '')
  const failure =
    stage.at === 'failed'
      ? errorText(stage.error)
      : job && !isActive(job) && job.state !== 'done'
        ? (job.error ?? m.jobState[job.state])
        : null
  const done = job?.state === 'done'
  // Its way has two halves: to the server, and from there into the guest.
  const share =
    stage.at === 'sending'
      ? (size ? stage.received / size : 1) / 2
      : stage.at === 'writing'
        ? 0.5 + (done ? 1 : (job?.progress ?? 0)) / 2
        : 0
  const stopped = stage.at === 'stopped'
  const over = failure !== null || done || stopped
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-3 py-1.5 last:border-b-0">
      <span className="min-w-0 flex-1 basis-[180px] truncate font-mono text-sm" title={name}>
        {name}
      </span>
      {!over && <progress aria-label={name} max={1} value={share} className="w-[140px]" />}
      <span role="status" className={`text-sm ${failure ? 'text-bad' : done ? 'text-ok' : 'text-muted'}`}>
        {failure ?? (done ? w.done : said(stage, size))}
      </span>
      {job && (
        <AppLink href={jobPath(job.id)} className="text-accent text-sm hover:underline">
          {m.toast.job}
        </AppLink>
      )}
      {(over || stage.at !== 'writing') && (
        <Button look="quiet" aria-label={over ? w.clear(name) : w.stop(name)} onClick={onDrop}>
          ✕
        </Button>
      )}
    </li>
  )
}

function said(stage: Send['stage'], size: number): string {
  if (stage.at !== 'sending') return { waiting: w.waiting, writing: w.writing, stopped: w.stopped, failed: '' }[stage.at]
  return stage.stalled ? w.stalled : w.sending(formatBytes(stage.received), formatBytes(size))
}
