import type { IncomingMessage, ServerResponse } from 'node:http'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { writeSessionCookie } from './access/cookies'
import { acceptedEncoding, compress, endEarly, readBody } from './http-body'
import { clientAddress, isSecure, type OriginRules } from './http-origin'
import type { Log } from './log'
import { appRouter } from './router'
import type { Services } from './services'

const bodyLimit = 1024 * 1024
/** Shorter replies fit in a packet or two whether compressed or not. */
const compressFrom = 1024

/** An error in the shape that tRPC clients read, for what is refused before tRPC sees it. */
export const trpcErrorText = (status: number, code: string, message: string): string =>
  JSON.stringify({ error: { message, code: -32600, data: { code, httpStatus: status, field: null, fields: [] } } })

/** Handles /api/trpc over HTTP: batches, JSON only, bodies up to 1 MiB, replies compressed. Origin was checked before. */
export function createTrpcHandler({ services, rules, log }: { services: Services; rules: OriginRules; log: Log }) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    res.setHeader('Content-Type', 'application/json; charset=utf-8')
    res.setHeader('Cache-Control', 'no-store')
    let body: string | undefined
    if (req.method === 'POST') {
      if (!/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '')) {
        res.statusCode = 415
        return endEarly(req, res, trpcErrorText(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json'))
      }
      const read = await readBody(req, bodyLimit)
      if (read === null) {
        res.statusCode = 413
        return endEarly(req, res, trpcErrorText(413, 'PAYLOAD_TOO_LARGE', 'The request is longer than 1 MiB'))
      }
      body = read
    } else if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.statusCode = 405
      return endEarly(req, res, trpcErrorText(405, 'METHOD_NOT_SUPPORTED', 'Use GET or POST'))
    }

    const gone = new AbortController()
    res.once('close', () => gone.abort())
    const session = await services.access.session(req.headers.cookie)
    const request = new Request(new URL(req.url ?? '/', 'http://localhost'), {
      method: req.method,
      headers: { 'content-type': 'application/json' },
      body,
      signal: gone.signal,
    })
    const reply = await fetchRequestHandler({
      endpoint: '/api/trpc',
      req: request,
      router: appRouter,
      createContext: () => ({
        services,
        session,
        from: clientAddress(req, rules),
        setSession: (given) => void res.setHeader('Set-Cookie', writeSessionCookie(given, isSecure(req, rules))),
      }),
      onError({ error, path }) {
        if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ error: error.cause ?? error, path }, 'a procedure failed')
      },
    })
    const bytes = new Uint8Array(await reply.arrayBuffer())
    const encoding = bytes.length > compressFrom ? acceptedEncoding(req.headers['accept-encoding']) : null
    const sent = encoding ? await compress(bytes, encoding, 4) : bytes
    if (res.destroyed) return
    res.statusCode = reply.status
    res.setHeader('Vary', 'Accept-Encoding')
    if (encoding) res.setHeader('Content-Encoding', encoding)
    res.setHeader('Content-Length', sent.length)
    res.end(sent)
  }
}
