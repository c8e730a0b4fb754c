import { Early } from '../model/early'

/** More than this is no greeting. */
const most = 1024
/**
 * Incus says how it is left before it has reached the guest, and when it has, LXC throws away what was typed (seen with 6.0.4:
 * up to 0.2 s later on a busy machine, and nothing tells when).
 */
const reachMs = 500
const lineEnd = Buffer.from('\n\r')

/**
 * The first line of a program that says how it is left, ended by LF CR as only a program does that has the terminal for itself.
 * The line is not the guest's and is not shown. What is typed waits until the guest says something, or for half a second more.
 */
export function greeting(write: (bytes: Uint8Array) => void) {
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
      said = Buffer.concat([said, bytes])
      const all = said
      const at = all.indexOf(lineEnd)
      if (at < 0 && all.length <= most) return new Uint8Array(0)
      said = null
      const rest = at < 0 ? all : all.subarray(at + lineEnd.length)
      if (rest.length > 0) reach()
      else late = setTimeout(reach, reachMs)
      return rest
    },
    /** It ended before it greeted: all that it said, which is why. */
    rest(): Uint8Array {
      clearTimeout(late)
      return said ?? new Uint8Array(0)
    },
  }
}
