import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Link, LinkError } from './ssh-link'
import { createPool, type SshState } from './ssh-pool'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A host that is there or not, and the links it gave. */
function fakeHost() {
  const links: (Link & { lose(): void; replaced: number[]; closed: boolean })[] = []
  const tries: number[] = []
  const host = {
    links,
    tries,
    up: true,
    fault: new LinkError('It is off', false),
    async open(onLost: (link: Link) => void): Promise<Link> {
      tries.push(Date.now())
      if (!host.up) throw host.fault
      const link = {
        mux: { open: () => Promise.reject(new Error('not here')), close: () => {} },
        keeper: { pid: 100 + links.length, nonce: 'n' },
        sessions: 0,
        capacity: 2,
        replaced: [] as number[],
        closed: false,
        add: () => {},
        drop: () => {},
        end: () => Promise.resolve(true),
        ping: () => Promise.resolve(),
        replace({ pid }: { pid: number }) {
          link.replaced.push(pid)
        },
        async close() {
          link.closed = true
        },
        lose: () => onLost(link),
      }
      links.push(link)
      return link
    },
  }
  return host
}
const settle = () => vi.advanceTimersByTimeAsync(0)

describe('a host that is lost', () => {
  it('is tried at once, then after 1, 2, 4 … at most 30 s, and who asks meanwhile is told the cause', async () => {
    const host = fakeHost()
    const states: SshState[] = []
    const pool = createPool({ open: host.open, onState: (state) => states.push(state) })
    await settle()
    host.up = false
    const start = Date.now()
    host.tries.length = 0
    host.links[0]?.lose()
    await settle()
    await expect(pool.acquire()).rejects.toThrow('It is off')
    await vi.advanceTimersByTimeAsync(125_000)
    expect(host.tries.map((at) => (at - start) / 1000)).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121])
    expect(states.slice(0, 4)).toEqual([
      { state: 'connecting' },
      { state: 'up' },
      { state: 'connecting' },
      { state: 'down', cause: 'It is off' },
    ])

    host.up = true
    await vi.advanceTimersByTimeAsync(30_000)
    expect(states.at(-1)).toEqual({ state: 'up' })
    expect(await pool.acquire()).toBe(host.links[1])
    // The other side may not have noticed the loss.
    expect(host.links[1]?.replaced).toEqual([100])
  })
  it('is left in peace when it lets in and throws out', async () => {
    const host = fakeHost()
    createPool({ open: host.open })
    await settle()
    for (let times = 0; times < 10; times++) {
      host.links.at(-1)?.lose()
      await settle()
    }
    expect(host.tries).toHaveLength(2)
  })
  it('is asked rarely when it refuses the key, and at once when somebody says so', async () => {
    const host = fakeHost()
    host.up = false
    host.fault = new LinkError('Wrong key', true)
    const pool = createPool({ open: host.open })
    await vi.advanceTimersByTimeAsync(299_000)
    expect(host.tries).toHaveLength(1)
    host.up = true
    pool.retry()
    await settle()
    expect(await pool.acquire()).toBe(host.links[0])
  })
})

describe('a connection without room', () => {
  it('gets a second beside it, which goes when nobody needs it', async () => {
    const host = fakeHost()
    const pool = createPool({ open: host.open })
    const taken = [await pool.acquire(), await pool.acquire(), ...(await Promise.all([pool.acquire(), pool.acquire()]))]
    expect(taken.map((link) => (host.links as Link[]).indexOf(link))).toEqual([0, 0, 1, 1])
    for (const link of taken) pool.release(link)
    await vi.advanceTimersByTimeAsync(31_000)
    expect(host.links.map(({ closed }) => closed)).toEqual([false, true])
  })
  it('is known from then on for what it has', async () => {
    const host = fakeHost()
    const pool = createPool({ open: host.open })
    await pool.acquire()
    const second = await pool.acquire()
    pool.full(second)
    pool.release(second)
    expect(await pool.acquire()).toBe(host.links[1])
  })
})

it('waits for nothing once closed', async () => {
  const pool = createPool({
    open: (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new LinkError('off', false)))),
  })
  const asked = pool.acquire()
  await Promise.all([expect(asked).rejects.toThrow('off'), pool.close()])
  await expect(pool.acquire()).rejects.toMatchObject({ reason: 'aborted' })
})
