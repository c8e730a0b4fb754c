import type { Exec, Followed } from '@/server/exec/types'
import type { GuestState } from '@/server/model/guest'
import type { HostEvent } from '../types'
import { isPlainName } from './read'
import { hookPaths } from './types'

/**
 * One call of CBSD's queue hook: "cbsd_queue_name=… id=web cmd=jstart status=2 data_status=1 …"; status 1 is a beginning and
 * 2 an end, data_status how the guest is then. A rename names both: id=old jname=new. Calls about the node have no id.
 */
export function parseCall(line: string): HostEvent[] {
  const values = new Map<string, string>()
  for (const word of line.split(/\s+/)) {
    const at = word.indexOf('=')
    if (at > 0) values.set(word.slice(0, at), word.slice(at + 1))
  }
  const what = values.get('cmd')
  if (!what) return []
  const name = values.get('id')
  if (!name || !isPlainName(name)) return [{ what }]
  const ended = values.get('status') === '2'
  // What a restart says of itself at its end is the end of its first half.
  const how = ended && /^[jbqx]?(start|stop)$/.test(what) ? values.get('data_status') : undefined
  const state: GuestState | undefined = how === '1' ? 'running' : how === '0' ? 'stopped' : undefined
  const other = values.get('jname')
  return [{ name, what, ...(state && { state }) }, ...(other && other !== name && isPlainName(other) ? [{ name: other, what }] : [])]
}

/** Something that others can wait for. */
function createBell() {
  let ring = () => {}
  let next = new Promise<void>((resolve) => {
    ring = resolve
  })
  return {
    ring(): void {
      const rung = ring
      next = new Promise((resolve) => {
        ring = resolve
      })
      rung()
    },
    heard: () => next,
  }
}

export type Watch = {
  /** Told with every list whether the hook is there. */
  seen(hook: boolean, workdir: string): void
  events(signal: AbortSignal): AsyncIterable<HostEvent>
}

/**
 * Follows the file that the hook writes, while there is a hook; each list looks whether there is one, so that it may come
 * and go. What no command caused (a guest that dies) no hook tells: the host is polled as well.
 */
export function createWatch(exec: Exec): Watch {
  const bell = createBell()
  let path: string | null = null

  return {
    seen(hook, workdir) {
      const now = hook ? hookPaths(workdir).log : null
      if (now === path) return
      path = now
      bell.ring()
    },
    async *events(signal) {
      const waiting: HostEvent[] = []
      const decoder = new TextDecoder()
      let followed: Followed | null = null
      let following: string | null = null
      let rest = ''
      const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      try {
        while (!signal.aborted) {
          const heard = bell.heard()
          if (following !== path) {
            followed?.close()
            followed = null
            rest = ''
            following = path
            // A file that is gone again is looked for with the next list.
            if (path)
              followed = await exec
                .follow(path, { tailBytes: 0 }, (bytes) => {
                  rest += decoder.decode(bytes, { stream: true })
                  const lines = rest.split('\n')
                  rest = lines.pop() ?? ''
                  const events = lines.flatMap(parseCall)
                  waiting.push(...events)
                  if (events.length > 0) bell.ring()
                })
                .catch(() => {
                  path = null
                  return null
                })
          }
          while (waiting.length > 0 && !signal.aborted) {
            const event = waiting.shift()
            if (event) yield event
          }
          await Promise.race([heard, ended])
        }
      } finally {
        followed?.close()
      }
    },
  }
}
