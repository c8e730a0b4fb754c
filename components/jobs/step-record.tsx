import { formatArgv, formatSeconds } from '@/components/format'
import { m } from '@/components/messages'
import { Copy } from '@/components/ui/copy'
import type { JobStep } from '@/server/model/job'
import { JobMark } from './job-mark'

/** One step as it ran: the command to copy, what went in, what came out, how it ended. */
export function StepRecord({ step, index }: { step: JobStep; index: number }) {
  const failed = step.state === 'failed'
  const end = [
    step.signal ? m.job.signal(step.signal) : step.exitCode === undefined ? '' : m.job.exit(step.exitCode),
    step.runs === undefined ? '' : m.job.runs(step.runs),
    step.seconds === undefined ? '' : formatSeconds(step.seconds),
  ].filter(Boolean)
  const text = step.argv
    ? formatArgv(step.argv)
    : step.write
      ? m.common.writes(step.write.path, step.write.mode.toString(8).padStart(4, '0'))
      : ''
  return (
    <li className="border-line border-b px-3 py-2 last:border-b-0">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <JobMark state={step.state} />
        <span className={step.state === 'waiting' || step.state === 'skipped' ? 'text-muted' : ''}>
          {index + 1}. {step.title}
        </span>
        <span className={`ml-auto text-sm ${failed ? 'text-bad' : 'text-muted'}`}>{end.join(' · ') || m.job.stepState[step.state]}</span>
      </div>
      <div className="mt-1 flex items-start gap-2 pl-5">
        <code className="min-w-0 flex-1 whitespace-pre-wrap break-words font-mono text-sm">{text}</code>
        {step.argv && <Copy text={text} />}
      </div>
      <div className="pl-5">
        <Output label={m.job.stdin} text={step.stdin} />
        <Output label={m.job.content} text={step.write?.content} />
        <Output label={m.job.stdout} text={step.stdoutTail} open={failed} />
        <Output label={m.job.stderr} text={step.stderrTail} open={failed} />
        {step.undo && <Output label={m.job.undo} text={formatArgv(step.undo)} />}
        {step.undone && (
          <p className={`text-sm ${step.undone.ok ? 'text-muted' : 'text-bad'}`}>
            {step.undone.ok ? m.job.undone : m.job.undoFailed}
            {step.undone.detail && `: ${step.undone.detail}`}
            {step.undone.runs && ` (${m.job.undoRuns(step.undone.runs)})`}
          </p>
        )}
      </div>
    </li>
  )
}

function Output({ label, text, open }: { label: string; text?: string; open?: boolean }) {
  if (!text?.trim()) return null
  return (
    <details open={open} className="mt-1">
      <summary className="text-muted text-sm">{label}</summary>
      <pre className="max-h-[320px] overflow-auto rounded-md bg-side p-2 font-mono text-sm">{text}</pre>
    </details>
  )
}
