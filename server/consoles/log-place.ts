/** More bytes in a row that stand twice in a log, and it is not the same text. */
const mostDoubled = 256

/**
 * Whether `tail` ends in `log` before `end`, where the log may have single bytes twice: while the terminal was full, QEMU up
 * to 8 wrote a byte to its log again with every try. Looked at from its end. `tail`: not empty.
 */
export function endsHere(log: Buffer, end: number, tail: Buffer): boolean {
  let at = end - 1
  let doubled = 0
  for (let i = tail.length - 1; i >= 0; i--) {
    while (at >= 0 && log[at] !== tail[i] && log[at] === tail[i + 1] && doubled < mostDoubled) {
      at--
      doubled++
    }
    if (at < 0 || log[at] !== tail[i]) return false
    at--
  }
  return true
}

/**
 * Where in a piece of a log what was said goes on: the index after its last bytes, `tail`, or -1. The piece begins `start`
 * bytes into the log. Where the same stands at many places (a line once a second), the one nearest to `expected`, bytes into
 * the log, is it: what was written since the log's size was last seen is counted.
 */
export function endInLog(log: Buffer, start: number, tail: Buffer, expected: number | null): number {
  const wanted = expected === null ? log.length : expected - start
  if (tail.length === 0) return wanted >= 0 && wanted <= log.length ? wanted : -1
  if (wanted >= tail.length && wanted <= log.length && log.subarray(wanted - tail.length, wanted).equals(tail)) return wanted
  let best = -1
  const nearer = (end: number) => {
    if (best < 0 || Math.abs(end - wanted) < Math.abs(best - wanted)) best = end
  }
  for (let at = log.indexOf(tail); at >= 0; at = log.indexOf(tail, at + 1)) nearer(at + tail.length)
  if (best >= 0) return best
  // Too little to be sure of when bytes may be left out.
  if (tail.length < 64) return -1
  const last = tail.at(-1) ?? 0
  for (let at = log.indexOf(last); at >= 0; at = log.indexOf(last, at + 1)) if (endsHere(log, at + 1, tail)) nearer(at + 1)
  return best
}
