import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { AppError } from './errors'
import { endEarly } from './http-body'
import { createFileDownloads } from './http-files'
import { giveFirstText } from './http-first-text'
import { contentSecurityPolicy, newNonce, setSecurityHeaders } from './http-headers'
import { clientAddress, isOwnHost, isSecure, type OriginRules, refuseForeign } from './http-origin'
import { type Pages, redirect } from './http-pages'
import { sendPicture } from './http-picture'
import { sendRecorded } from './http-recording'
import { createSockets } from './http-sockets'
import { createTrpcHandler, trpcErrorText } from './http-trpc'
import { createWatchHandler, hideAddress, loggedPath } from './http-watch'
import type { Log } from './log'
import type { Services } from './services'

export type Http = {
  server: Server
  /** The paths that take a socket. */
  sockets: string[]
  /** Starts to listen. Rejects with words when the port is taken. Resolves with the address to open. */
  listen(port: number, host: string): Promise<string>
  /** Stops accepting, tells sockets, and ends what is still open after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** The one HTTP server: /api/trpc, sockets, uploads, /healthz, and pages for the rest. Checks stand before handlers, here and nowhere else. */
export function createHttp(options: {
  services: Services
  pages: Pages
  rules: OriginRules
  log: Log
  dev: boolean
  /** Called when the first page opens its socket and when the last one closes it. */
  onWatched?: (watched: boolean) => void
}): Http {
  const { services, pages, rules, log, dev } = options
  const trpc = createTrpcHandler({ services, rules, log })
  const watch = createWatchHandler({ services, rules })
  const downloadFile = createFileDownloads({ services, rules, log })
  const sockets = createSockets({ services, rules, log, onWatched: options.onWatched })

  function say(req: IncomingMessage, res: ServerResponse, status: number, message: string): void {
    res.statusCode = status
    res.setHeader('Cache-Control', 'no-store')
    const forTrpc = req.url?.startsWith('/api/trpc') ?? false
    res.setHeader('Content-Type', forTrpc ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8')
    endEarly(req, res, forTrpc ? trpcErrorText(status, status === 403 ? 'FORBIDDEN' : 'BAD_REQUEST', message) : `${message}\n`)
  }

  async function handlePage(req: IncomingMessage, res: ServerResponse, pathname: string): Promise<void> {
    // The development server's own overlay posts to it.
    const forOverlay = dev && pathname.startsWith('/__nextjs')
    if (req.method !== 'GET' && req.method !== 'HEAD' && !forOverlay) return say(req, res, 405, 'Pages are only read')
    const session = await services.access.session(req.headers.cookie)
    const to = await redirect(req.url ?? '/', session, services.access, dev)
    if (to === null) {
      giveFirstText(req, services, session?.user)
      return pages.handle(req, res, pathname)
    }
    res.statusCode = 307
    res.setHeader('Location', to)
    res.setHeader('Cache-Control', 'no-store')
    res.end()
  }

  async function handleUpload(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'PUT' && req.method !== 'HEAD') return say(req, res, 405, 'Use PUT or HEAD')
    const session = await services.access.session(req.headers.cookie)
    if (!session) return say(req, res, 401, 'Sign in first')
    // An upload was opened with one of these, and is its owner's alone.
    const allowed = (['image.change', 'guest.files'] as const).some((right) => services.access.allows(session.user, right, '*'))
    if (!allowed) return say(req, res, 403, 'This needs the right image.change or guest.files')
    await services.images.handleUpload(req, res, session.user)
  }

  async function handlePicture(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'GET' && req.method !== 'HEAD') return say(req, res, 405, 'Pictures are only read')
    const session = await services.access.session(req.headers.cookie)
    if (!session) return say(req, res, 401, 'Sign in first')
    const refusal = await sendPicture(req, res, services, session.user)
    if (refusal) say(req, res, refusal.status, refusal.message)
  }

  /** /recording/<id>.cast or .txt to keep, /recording/<id>.cast?play to the player. */
  async function handleRecording(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'GET') return say(req, res, 405, 'Use GET')
    const session = await services.access.session(req.headers.cookie)
    if (!session) return say(req, res, 401, 'Sign in first')
    const refusal = await sendRecorded(req, res, services, session, clientAddress(req, rules))
    if (refusal) say(req, res, refusal.status, refusal.message)
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const nonce = newNonce()
    const host = isOwnHost(req.headers.host, rules) ? (req.headers.host ?? '') : ''
    const policy = contentSecurityPolicy(nonce, host || 'localhost', dev)
    setSecurityHeaders(res, policy, isSecure(req, rules))
    if (!host)
      return say(
        req,
        res,
        421,
        'This is not a name of this server. Set BAILIWICK_ORIGIN to the address people use, or open it by its IP address.',
      )
    // As sent, not normalised: what is decided here is then exactly what Next is asked for.
    const pathname = (req.url ?? '').split('?', 1)[0] ?? ''
    if (!/^\/(?![/\\])/.test(pathname) || pathname.includes('..')) return say(req, res, 400, 'This is not a path')
    // Next trusts these from inside only: the nonce that we chose, and no claim of having passed a check.
    delete req.headers['x-middleware-subrequest']
    req.headers['content-security-policy'] = policy
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      const foreign = refuseForeign(req, rules)
      if (foreign) return say(req, res, foreign.status, foreign.message)
    }
    if (pathname === '/healthz') return say(req, res, 200, 'ok')
    if (pathname === '/api/trpc' || pathname.startsWith('/api/trpc/')) return trpc(req, res)
    if (pathname.startsWith('/recording/')) return handleRecording(req, res)
    if (pathname.startsWith('/upload/')) return handleUpload(req, res)
    if (pathname === '/files') return downloadFile(req, res)
    if (pathname.startsWith('/screen/')) return handlePicture(req, res)
    if (pathname === '/api/watch') return watch(req, res)
    if (pathname.startsWith('/api/') || pathname.startsWith('/ws/')) return say(req, res, 404, 'There is nothing here')
    if (pathname.startsWith('/watch/')) hideAddress(res)
    return handlePage(req, res, pathname)
  }

  const server = createServer((req, res) => {
    const started = performance.now()
    // Without the query: it may hold the token of a set-up link.
    const path = loggedPath(req.url)
    res.once('close', () => log.debug({ method: req.method, path, status: res.statusCode, ms: Math.round(performance.now() - started) }))
    handle(req, res).catch((error: unknown) => {
      if (res.destroyed || req.destroyed) return
      log.error({ error, path }, 'a request failed')
      if (!res.headersSent) say(req, res, 500, 'The server failed. Its log says more.')
      else res.destroy()
    })
  })
  // Uploads may take hours; a request's headers may not.
  server.requestTimeout = 0
  server.headersTimeout = 15_000
  // Upgraded sockets are no longer the HTTP server's to close.
  const connections = new Set<Socket>()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', (req, socket, head) => {
    if (dev && req.url?.startsWith('/_next/') && isOwnHost(req.headers.host, rules) && !refuseForeign(req, rules))
      pages.upgrade(req, socket, head)
    else void sockets.upgrade(req, socket, head)
  })

  return {
    server,
    sockets: sockets.paths,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) =>
          reject(
            error.code === 'EADDRINUSE'
              ? new AppError('refused', `Port ${port} of ${host} is in use. Stop the other program, or set PORT to another one.`, 'PORT')
              : error,
          ),
        )
        server.listen(port, host, () => {
          const at = server.address() as AddressInfo
          const name = at.address === '::' || at.address === '0.0.0.0' ? 'localhost' : at.family === 'IPv6' ? `[${at.address}]` : at.address
          resolve(rules.origin ?? `http://${name}:${at.port}`)
        })
      }),
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      sockets.close()
      server.closeIdleConnections()
      const timer = setTimeout(() => {
        for (const socket of connections) socket.destroy()
      }, graceMs)
      await closed
      clearTimeout(timer)
    },
  }
}
