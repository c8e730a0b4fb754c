import { WebSocket } from 'ws'
import type { SignedIn } from '../fixtures'
import { cookieOf } from '../wire'
import type { TestServer } from './server'

/** A guest's serial port without a page: for what a test must tell a guest, or hear from it, beside what it looks at. */
export async function serialOf(server: TestServer, session: SignedIn, name: string) {
  const url = new URL(`/ws/console?guest=local~libvirt~${name}&kind=serial`, server.url)
  url.protocol = 'ws:'
  const socket = new WebSocket(url, { headers: { cookie: cookieOf(session), origin: server.url } })
  let text = ''
  let wake = () => {}
  let seq = 0
  socket.on('message', (data: Buffer, binary: boolean) => {
    if (binary) {
      text += data.toString()
      seq += data.length
      socket.send(JSON.stringify({ t: 'ack', seq }))
    } else {
      const told = JSON.parse(data.toString()) as { t: string; from?: number }
      if (told.t === 'hello' || told.t === 'skip') seq = told.from ?? 0
    }
    wake()
  })
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve())
    socket.on('error', reject)
  })
  /** How often it has said this so far. */
  const count = (wanted: string): number => text.split(wanted).length - 1
  return {
    /** Types a line and Enter. */
    type: (line: string) => socket.send(Buffer.from(`${line}\r`)),
    count,
    /** Resolves once it said this so many times; rejects with the end of what it said when it does not within so many ms. */
    says(wanted: string, { timeout = 150_000, times = 1 } = {}): Promise<void> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`It did not say ${wanted}, but: ${text.slice(-600)}`)), timeout)
        wake = () => {
          if (count(wanted) < times) return
          clearTimeout(timer)
          resolve()
        }
        wake()
      })
    },
    close: () => socket.close(),
  }
}
