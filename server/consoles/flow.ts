import type { ConsoleLimits } from './limits'

/** What flow control knows of a viewer: bytes drawn, and when it last drew some or had nothing to draw. */
export type Pace = { acked: number; progressAt: number; window: number }

/**
 * Whether the source has to wait. The fastest viewer that still draws sets the pace: a slow one falls behind in the ring and,
 * at its end, skips. With nobody drawing the ring takes all, so that no window left open somewhere can stop a guest's program.
 */
export function mustHold(
  viewers: Iterable<Pace>,
  end: number,
  now: number,
  held: boolean,
  limits: Pick<ConsoleLimits, 'stallMs'>,
): boolean {
  let anyone = false
  for (const viewer of viewers) {
    const lag = end - viewer.acked
    if (lag < (held ? viewer.window / 2 : viewer.window)) return false
    if (now - viewer.progressAt < limits.stallMs) anyone = true
  }
  return anyone
}
