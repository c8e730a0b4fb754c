import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { SignedIn } from './fixtures'
import type { TestServer } from './helpers/server'

/** The session as a Cookie header. */
export const cookieOf = (session: SignedIn): string => session.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')

export type Reply = { status: number; headers: IncomingHttpHeaders; body: string }
type Sent = { method?: string; headers?: Record<string, string>; body?: string | Buffer }

/** A request as sent by any program: exactly these headers, no redirect followed. A server may answer before the body is through. */
export function send(server: TestServer, path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${server.url}${path}`, { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
      })
      const done = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      response.on('end', done)
      response.on('error', done)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Calls a procedure as the pages do: signed in, with their Origin. */
export const callProcedure = (server: TestServer, session: SignedIn, path: string, input: unknown): Promise<Reply> =>
  send(server, `/api/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url, cookie: cookieOf(session) },
    body: JSON.stringify(input),
  })

/** Reads by a procedure. */
export const askProcedure = (server: TestServer, session: SignedIn, path: string, input: unknown): Promise<Reply> =>
  send(server, `/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers: { cookie: cookieOf(session) } })

export type RawSocket = {
  status: number
  socket: Socket
  /** Resolves when the other side has ended it. */
  ended: Promise<void>
}

/** Asks for a WebSocket by hand and leaves the bytes after that to the caller. */
export function upgrade(server: TestServer, path: string, headers: Record<string, string>): Promise<RawSocket> {
  const { hostname, port, host } = new URL(server.url)
  const all = {
    host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16, 7).toString('base64'),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`))
    const ended = new Promise<void>((gone) => socket.once('close', () => gone()))
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const status = /^HTTP\/1\.1 (\d{3}) [\s\S]*?\r\n\r\n/.exec(text)?.[1]
      if (status) resolve({ status: Number(status), socket, ended })
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`it closed after: ${text}`)))
  })
}
