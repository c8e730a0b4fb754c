import { formatSpan } from '@/components/format'
import { m } from '@/components/messages'
import { formatBytes, formatRate } from '@/server/model/size'
import type { Progress } from './use-sending'

const w = m.image

/** How far an upload is, and how long the rest takes. */
export function UploadBar({ progress }: { progress: Progress }) {
  const { received, total, rate, done, waiting } = progress
  const left = rate > 0 ? ((total - received) / rate) * 1000 : null
  return (
    <div role="status" className="text-muted text-sm">
      <progress aria-label={w.upload} max={total} value={received} className="w-full" />
      <p>
        {done ? w.importing : waiting ? w.waiting : w.sending(formatBytes(received), formatBytes(total))}
        {!done && !waiting && left !== null && ` · ${w.rate(formatRate(rate), formatSpan(left))}`}
      </p>
    </div>
  )
}
