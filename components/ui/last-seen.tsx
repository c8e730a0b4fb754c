import { m } from '@/components/messages'
import { Since } from './clock'

/** When a host last said anything about itself or a guest: "last seen 3 min ago". `short`: fits a narrow column, and reads the same. */
export function LastSeen({ at, short }: { at: number; short?: boolean }) {
  const [first, ...rest] = m.host.lastSeen.split(' ')
  return (
    <span className={`text-muted ${short ? 'whitespace-nowrap text-sm' : ''}`}>
      <span className={short ? 'sr-only' : ''}>{first} </span>
      {rest.join(' ')} <Since at={at} /> {m.host.ago}
    </span>
  )
}
