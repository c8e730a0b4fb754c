import { ExecError } from './error'
import { type Link, LinkError } from './ssh-link'

/** How the host is reached now. `cause`: in words, while it is down. */
export type SshState = { state: 'connecting' } | { state: 'up' } | { state: 'down'; cause: string }

export type Pool = {
  /** A connection with room for one more command, which is counted: give it back with `release`. */
  acquire(): Promise<Link>
  release(link: Link): void
  /** The host refused a command on this connection: it has room for fewer than thought. */
  full(link: Link): void
  /** Any connection, for what does not count: forwarded sockets. */
  any(): Promise<Link>
  /** Tries at once if the host is down. */
  retry(): void
  close(): Promise<void>
}

type Options = {
  open: (onLost: (link: Link) => void, signal: AbortSignal) => Promise<Link>
  onState?: (state: SshState) => void
  /** ms before try n after a failure, from 0. For tests. */
  waitMs?: (tries: number, lasting: boolean) => number
}

/** 1, 2, 4 … at most 30 s. What lasts is tried rarely: hosts shut out who knocks with a wrong key again and again. */
const usualWait = (tries: number, lasting: boolean) => (lasting ? 300_000 : Math.min(30_000, 1000 * 2 ** tries))
/** After a loss it is tried at once, but not more often than this: a host that lets in and throws out is left in peace. */
const atOnceMs = 5000
const idleMs = 30_000
/** 72 commands at once on a host: more is a fault of ours. */
const most = 8

/**
 * Keeps a host connected: one connection, and more while one has no room. When the last is lost it connects again by
 * itself: at once, then with growing pauses, during which whoever asks is told the cause and does not wait.
 */
export function createPool({ open, onState, waitMs = usualWait }: Options): Pool {
  const links: Link[] = []
  const left: Link['keeper'][] = []
  const idle = new WeakMap<Link, NodeJS.Timeout>()
  let opening: Promise<Link> | undefined
  let down: LinkError | undefined
  let tries = 0
  let triedAtOnce = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const ending = new AbortController()

  const calledOff = () => new ExecError('The connection was closed', { reason: 'aborted' })

  function lost(link: Link): void {
    clearTimeout(idle.get(link))
    const at = links.indexOf(link)
    if (at >= 0) links.splice(at, 1)
    if (links[0]) links[0].replace(link.keeper)
    else left.push(link.keeper)
    if (links.length > 0 || closed) return
    if (performance.now() - triedAtOnce > atOnceMs) {
      triedAtOnce = performance.now()
      tries = 0
      onState?.({ state: 'connecting' })
      connect().catch(() => {})
    } else {
      tries++
      pause(new LinkError(link.lost?.message ?? 'The connection was lost', false))
    }
  }

  function pause(error: LinkError): void {
    down = error
    if (closed) return
    onState?.({ state: 'down', cause: error.message })
    timer = setTimeout(() => connect().catch(() => {}), waitMs(Math.max(0, tries - 1), error.lasting))
  }

  /** One attempt, shared by all who wait for it. */
  function connect(): Promise<Link> {
    clearTimeout(timer)
    opening ??= open(lost, ending.signal)
      .then(
        async (link) => {
          if (closed) {
            await link.close()
            throw calledOff()
          }
          const first = links.length === 0
          links.push(link)
          for (const keeper of left.splice(0)) link.replace(keeper)
          down = undefined
          if (first) onState?.({ state: 'up' })
          return link
        },
        (error: unknown) => {
          const fault = error instanceof LinkError ? error : new LinkError(error instanceof Error ? error.message : String(error), false)
          if (links.length === 0) {
            tries++
            pause(fault)
          }
          throw fault
        },
      )
      .finally(() => {
        opening = undefined
      })
    return opening
  }

  async function acquire(): Promise<Link> {
    for (;;) {
      if (closed) throw calledOff()
      const free = links.find((link) => link.sessions < link.capacity)
      if (free) {
        clearTimeout(idle.get(free))
        free.sessions++
        return free
      }
      if (down) throw down
      if (links.length >= most) throw new ExecError('Too many commands run on this host at once', { reason: 'start' })
      await connect()
    }
  }

  onState?.({ state: 'connecting' })
  connect().catch(() => {})

  return {
    acquire,
    release(link) {
      link.sessions--
      if (link.sessions > 0 || links[0] === link || link.lost) return
      const timeout = setTimeout(() => {
        if (link.sessions > 0 || links[0] === link) return
        links.splice(links.indexOf(link), 1)
        void link.close()
      }, idleMs)
      timeout.unref()
      idle.set(link, timeout)
    },
    full(link) {
      link.capacity = Math.max(0, link.sessions - 1)
    },
    async any() {
      if (closed) throw calledOff()
      if (links[0]) return links[0]
      if (down) throw down
      return connect()
    },
    retry() {
      if (!closed && down && !opening) connect().catch(() => {})
    },
    async close() {
      closed = true
      clearTimeout(timer)
      ending.abort()
      await Promise.all([...links.splice(0).map((link) => link.close()), opening?.catch(() => {})])
    },
  }
}
