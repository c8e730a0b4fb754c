import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What lies between a browser and the server: it can be cut, and it can forget what passes through it. */
export type Relay = {
  /** Such as http://127.0.0.1:41234 */
  readonly url: string
  /** Ends all connections and refuses new ones, until `mend`. */
  cut(): void
  mend(): void
  /** What passes now is silent for ever though nobody is told, as after a laptop's sleep; new connections get through. */
  forget(): void
  close(): Promise<void>
}

/** A relay in front of the server at `url`. */
export async function startRelay(url: string): Promise<Relay> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let down = false
  const server = createServer((page) => {
    if (down) return void page.destroy()
    const upstream = connect(Number(port), hostname)
    for (const [from, to] of [
      [page, upstream],
      [upstream, page],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      down = true
      end()
    },
    mend() {
      down = false
    },
    forget() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    close() {
      end()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
