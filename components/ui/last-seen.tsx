import { m } from '@/components/messages'
import { Since } from './clock'

/** When a host last said anything about itself or a guest: "last seen 3 min ago". */
export function LastSeen({ at }: { at: number }) {
  return (
    <span className="text-muted">
      {m.host.lastSeen} <Since at={at} /> {m.host.ago}
    </span>
  )
}
