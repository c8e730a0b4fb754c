import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * The network between a page and its server: connects to whatever `port` gives at the time, and destroys connections, wherever
 * in a frame they are, after as many bytes to the page as `cuts` say (counted over all connections, ascending).
 */
export async function startCutter(port: () => number | null, cuts: number[]) {
  const open = new Set<Socket>()
  const left = [...cuts]
  let passed = 0
  let done = 0
  const server = createServer((page) => {
    const to = port()
    if (to === null) {
      page.destroy()
      return
    }
    const upstream = connect(to, '127.0.0.1')
    const end = () => {
      page.destroy()
      upstream.destroy()
    }
    for (const socket of [page, upstream]) {
      open.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        open.delete(socket)
        end()
      })
    }
    page.pipe(upstream)
    upstream.on('data', (bytes: Buffer) => {
      const at = left[0]
      if (at !== undefined && passed + bytes.length > at) {
        left.shift()
        done++
        const kept = bytes.subarray(0, Math.max(0, at - passed))
        passed += kept.length
        // The part before the cut arrives, and then nothing: the page holds half a frame.
        page.write(kept, end)
        upstream.destroy()
        return
      }
      passed += bytes.length
      if (!page.write(bytes)) upstream.pause()
    })
    page.on('drain', () => upstream.resume())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    /** Cuts so far, and bytes that went to the page, all that is not text included. */
    done: () => done,
    passed: () => passed,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
