import type { ConsoleTarget } from '../model/console'
import { Early } from '../model/early'

/** More than this is no greeting. */
const most = 1024

type Greets = NonNullable<(ConsoleTarget & { kind: 'pty' })['greets']>

/** How many of the last bytes may be the beginning of `end`. */
function begun(bytes: Buffer, end: Buffer): number {
  let length = Math.min(end.length - 1, bytes.length)
  while (length > 0 && !bytes.subarray(-length).equals(end.subarray(0, length))) length--
  return length
}

/**
 * What a program says before it passes on what the guest says, which is not shown. What is typed waits until it has been said,
 * and then for the guest to say something, for `reachMs` at most.
 */
export function greeting({ end, line, reachMs }: Greets, write: (bytes: Uint8Array) => void) {
  const last = Buffer.from(end)
  let said: Buffer | null = Buffer.alloc(0)
  let reached = false
  let late: NodeJS.Timeout | undefined
  const early = new Early<Uint8Array>()
  const reach = () => {
    clearTimeout(late)
    reached = true
    for (const bytes of early.take()) write(bytes)
  }
  return {
    write(bytes: Uint8Array): void {
      if (reached) write(bytes)
      else early.hold(bytes)
    },
    /** What is to be shown of what came. */
    shown(bytes: Uint8Array): Uint8Array {
      if (!said) {
        if (!reached) reach()
        return bytes
      }
      const all = Buffer.concat([said, bytes])
      const at = all.indexOf(last)
      if (at < 0 && (!line || all.length <= most)) {
        const shown = line ? 0 : all.length - begun(all, last)
        said = all.subarray(shown)
        return all.subarray(0, shown)
      }
      said = null
      const rest = at < 0 ? all : all.subarray(at + last.length)
      if (rest.length > 0 || reachMs === 0) reach()
      else late = setTimeout(reach, reachMs)
      return line || at < 0 ? rest : Buffer.concat([all.subarray(0, at), rest])
    },
    /** It ended before it greeted: all that it said, which is why. */
    rest(): Uint8Array {
      clearTimeout(late)
      return said ?? new Uint8Array(0)
    },
  }
}
