import { m } from '@/components/messages'
import { Copy } from '@/components/ui/copy'
import type { HostFinding } from '@/server/model/host'

const w = m.host
const tones = { ok: ['✓', 'text-ok'], absent: ['○', 'text-muted'], failed: ['✕', 'text-bad'] } as const

/** What a test of a host's settings found, and what mends the rest. */
export function Findings({ findings }: { findings: HostFinding[] }) {
  return (
    <ul aria-label={w.findings} className="flex flex-col gap-2 rounded-md border border-line p-3">
      {findings.map(({ title, state, words, remedy }) => {
        const [mark, tone] = tones[state]
        return (
          <li key={title}>
            <p className="break-words">
              <span role="img" aria-label={w.findingState[state]} className={`${tone} mr-2`}>
                {mark}
              </span>
              <span className="font-semibold">{title}</span> <span className={state === 'failed' ? 'text-bad' : 'text-muted'}>{words}</span>
            </p>
            {remedy && (
              <div className="mt-1 flex items-start gap-2 rounded-md bg-side px-2.5 py-1.5">
                <span className="text-muted text-sm">{w.mend}</span>
                <code className="min-w-0 flex-1 break-all font-mono text-sm">{remedy}</code>
                <Copy text={remedy} />
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
