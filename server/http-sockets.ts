import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { clientAddress, isOwnHost, type OriginRules, type Refusal, refuseForeign } from './http-origin'
import { refusalOf } from './http-watch'
import type { Log } from './log'
import { consoleClose } from './model/console'
import { type ConsoleKind, type GuestRef, parseGuestId } from './model/guest'
import { appRouter } from './router'
import type { Services, SessionInfo } from './services'
import { consoleMode } from './watch/mode'

type Knock = { req: IncomingMessage; socket: Duplex; head: Buffer; url: URL }
type Open = Knock & { session: SessionInfo }
/** Takes the socket over and returns nothing, or returns why not. */
type Route = (open: Open) => Refusal | undefined
/** The same for those who show something else than a session. */
type OpenRoute = (knock: Knock) => Promise<Refusal | undefined>

/** Longest message on the tRPC socket: subscriptions with ten thousand ids stay below it. */
const maxPayload = 1024 * 1024
/** How often an open socket asks whether its session still stands; it also keeps the session alive. */
const recheckMs = 60_000

function refuse(socket: Duplex, { status, message }: Refusal): void {
  const body = `${message}\n`
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  socket.once('finish', () => socket.destroy())
}

const absent: Refusal = { status: 404, message: 'There is no such guest, or it has no such console' }
const noShell: Refusal = { status: 404, message: 'There is no such host, or you may not use its shell' }

/** Every WebSocket by its path. Host, Origin, session and right are checked before the 101, and a revoked session closes its sockets. */
export function createSockets(options: {
  services: Services
  rules: OriginRules
  log: Log
  /** Called when the first page opens its socket and when the last one closes it. */
  onWatched?: (watched: boolean) => void
}) {
  const { services, rules, log, onWatched } = options
  const wss = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: { threshold: 1024, serverNoContextTakeover: true } })
  const bySession = new Map<string, Set<Duplex>>()
  const clients = new Map<string, Set<WebSocket>>()

  const trpc = applyWSSHandler<typeof appRouter>({
    wss,
    router: appRouter,
    createContext: async ({ req }) => ({
      services,
      session: await services.access.session(req.headers.cookie),
      from: clientAddress(req, rules),
    }),
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
    onError({ error, path }) {
      if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ error: error.cause ?? error, path }, 'a procedure failed')
    },
  })

  /** A console of a guest: the same answer for one that is absent and one that is not yours. */
  function openConsole({ req, socket, head, url, session }: Open, kinds: readonly ConsoleKind[]): Refusal | undefined {
    const id = url.searchParams.get('guest') ?? ''
    const ref: GuestRef | null = parseGuestId(id)
    const guest = services.inventory.guest(id)
    const mode = consoleMode(services.access, session.user, id)
    if (!ref || !guest || !mode) return absent
    const kind = kinds.length === 1 ? kinds[0] : kinds.find((k) => k === url.searchParams.get('kind'))
    if (!kind || !guest.consoles.includes(kind)) return absent
    services.consoles.handleUpgrade(req, socket, head, { guest: ref, kind, by: { name: session.user.name, mode, token: session.token } })
  }

  /** The shell of a host. Whoever gets it may do there what the server's user may: each opening is written down. */
  function openHostShell({ req, socket, head, url, session }: Open): Refusal | undefined {
    const host = services.inventory.host(url.searchParams.get('host') ?? '')
    if (!host || !services.access.allows(session.user, 'host.shell', `host/${host.id}`)) return noShell
    const refused = services.hostShell.refusal(host.id)
    const from = clientAddress(req, rules)
    void services.access.audit({ user: session.user.id, action: 'host.shell', target: host.name, detail: refused, ok: !refused, from })
    if (refused) return { status: 403, message: refused }
    services.consoles.handleUpgrade(req, socket, head, {
      host: host.id,
      kind: 'shell',
      by: { name: session.user.name, mode: 'type', token: session.token },
    })
  }

  /** A console through a watch link: the token is all there is to show. */
  async function openWatched({ req, socket, head, url }: Knock): Promise<Refusal | undefined> {
    try {
      const { release, ...request } = await services.watch.open(url.searchParams.get('token') ?? '', clientAddress(req, rules))
      socket.once('close', release)
      if (socket.destroyed) release()
      else services.consoles.handleUpgrade(req, socket, head, request)
    } catch (error) {
      return refusalOf(error)
    }
  }

  const routes: Record<string, Route> = {
    '/api/trpc': ({ req, socket, head, session }) => {
      wss.handleUpgrade(req, socket, head, (client: WebSocket) => {
        const mine = clients.get(session.token) ?? new Set()
        clients.set(session.token, mine.add(client))
        client.once('close', () => {
          mine.delete(client)
          if (mine.size === 0) clients.delete(session.token)
          if (clients.size === 0) onWatched?.(false)
        })
        onWatched?.(true)
        wss.emit('connection', client, req)
      })
      return undefined
    },
    '/ws/console': (open) => (open.url.searchParams.has('host') ? openHostShell(open) : openConsole(open, ['serial', 'shell'])),
    '/ws/vnc': (open) => openConsole(open, ['vnc']),
  }
  /** Those that want no session. A new entry here is a decision. */
  const openRoutes: Record<string, OpenRoute> = { '/ws/watch': openWatched }

  /** The socket ends with its session. */
  function tie(socket: Duplex, session: SessionInfo, cookie: string | undefined): void {
    const mine = bySession.get(session.token) ?? new Set()
    bySession.set(session.token, mine.add(socket))
    const recheck = setInterval(async () => {
      const still = await services.access.session(cookie).catch(() => session)
      if (!still) endSession(session.token)
    }, recheckMs).unref()
    socket.once('close', () => {
      clearInterval(recheck)
      mine.delete(socket)
      if (mine.size === 0) bySession.delete(session.token)
    })
  }

  /** Says why where the protocol can, and ends what is still open a second later whoever holds it. */
  function endSession(token: string): void {
    for (const client of clients.get(token) ?? []) client.close(consoleClose.signedOut, 'You are signed out')
    const open = [...(bySession.get(token) ?? [])]
    setTimeout(() => {
      for (const socket of open) socket.destroy()
    }, 1000).unref()
  }
  services.access.onRevoked(endSession)

  return {
    /** The paths that take a socket: what a test enumerates. */
    paths: [...Object.keys(routes), ...Object.keys(openRoutes)],
    async upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      socket.on('error', (error) => log.debug({ error }, 'a socket failed'))
      try {
        if (!isOwnHost(req.headers.host, rules)) return refuse(socket, { status: 421, message: 'This is not a name of this server' })
        const url = new URL(req.url ?? '/', 'http://localhost')
        const route = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined
        const openRoute = Object.hasOwn(openRoutes, url.pathname) ? openRoutes[url.pathname] : undefined
        if (!route && !openRoute) return refuse(socket, { status: 404, message: 'There is no socket here' })
        const foreign = refuseForeign(req, rules)
        if (foreign) return refuse(socket, foreign)
        if (!route) {
          const refusal = await openRoute?.({ req, socket, head, url })
          if (refusal) refuse(socket, refusal)
          return
        }
        const session = await services.access.session(req.headers.cookie)
        if (!session) return refuse(socket, { status: 401, message: 'Sign in first' })
        if (socket.destroyed) return
        tie(socket, session, req.headers.cookie)
        const refusal = route({ req, socket, head, url, session })
        if (refusal) refuse(socket, refusal)
      } catch (error) {
        log.error({ error }, 'an upgrade failed')
        refuse(socket, { status: 500, message: 'The server failed. Its log says more.' })
      }
    },
    /** Tells tRPC clients to come again, then closes their sockets. */
    close(): void {
      trpc.broadcastReconnectNotification()
      for (const client of wss.clients) client.close(1001, 'The server stops')
      wss.close()
    },
  }
}
