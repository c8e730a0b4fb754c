import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import { type WebSocket, WebSocketServer } from 'ws'
import { consoleClose } from '../model/console'
import type { AppEvent } from '../model/events'
import type { GuestRef } from '../model/guest'
import type { Access, Bus, ConsoleRequest, Consoles } from '../services'
import { createKeptSessions } from './kept'
import { type ConsoleLimits, consoleLimits } from './limits'
import { type ConsoleSubject, type SessionOf, subjectId } from './of'
import { type PlaceInventory, placeOf } from './place'
import { parseAttachQuery } from './protocol'
import { ConsoleSession, closeReason } from './session'
import type { MakeTap } from './tap'
import { bridgeVnc } from './vnc'

type Parts = {
  inventory: PlaceInventory
  bus: Pick<Bus, 'subscribe'>
  access: Pick<Access, 'onRevoked' | 'session'>
  log: Pick<Logger, 'info' | 'warn'>
  limits?: Partial<ConsoleLimits>
  /** Folder where text is kept over a restart of the server. Absent: it is not. */
  folder?: string
  /** The recorder. Absent: nothing is recorded. */
  tap?: MakeTap
}

type Entry = { id: string; identity: string | undefined; session: ConsoleSession }
type Client = { socket: WebSocket; token: string | null; alive: boolean; cookie: string | undefined }

/** Whether it is still the guest the session was made for. An identity learned later is kept. */
function same(entry: Entry, identity: string | undefined): boolean {
  entry.identity ??= identity
  return identity === undefined || entry.identity === identity
}

/** The id of the sessions that an event is about. */
function subjectOf(event: AppEvent): string | null {
  if (event.type === 'guest') return event.guest.id
  if (event.type === 'guest.removed') return event.id
  if (event.type === 'host') return subjectId({ host: event.host.id })
  return event.type === 'host.removed' ? subjectId({ host: event.id }) : null
}

/** Keeps the console sessions of all guests. A session belongs to one guest or host and one kind; nothing is shared between two. */
export function createConsoles({ inventory, bus, access, log, limits: given, folder, tap }: Parts): Consoles {
  const limits = { ...consoleLimits, ...given }
  const sessions = new Map<string, Entry>()
  const clients = new Set<Client>()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: limits.inputBytes })

  const kept = folder
    ? createKeptSessions(folder, limits.ringBytes, (error) => log.warn({ err: error }, 'the text of a console could not be kept'))
    : null

  /** Resolves when nothing is left to write. Never rejects. */
  const drop = async (key: string, code: number, reason: string): Promise<void> => {
    const entry = sessions.get(key)
    sessions.delete(key)
    await entry?.session.close(code, reason).catch((error: unknown) => log.warn({ err: error }, 'the text of a console was not kept'))
  }

  function sessionOf(subject: ConsoleSubject, kind: SessionOf['kind']): ConsoleSession {
    const place = placeOf(subject, kind, inventory)
    const { id } = place
    const key = `${kind}:${id}`
    const identity = place.identity()
    const open = sessions.get(key)
    if (open && same(open, identity)) return open.session
    if (open) void drop(key, consoleClose.gone, 'Another guest has this name now')
    const session = new ConsoleSession(
      { ...place, limits },
      () => void drop(key, 1000, 'Nobody watched for a long time'),
      kept?.past({ guest: id, kind, identity }) ?? null,
      kept ? (session, end) => kept.keeper({ guest: id, kind, identity }, session, end) : null,
      tap ? (made) => tap({ id, kind }, made) : null,
    )
    sessions.set(key, { id, identity, session })
    log.info({ guest: id, kind, session: session.id }, 'console session begins')
    return session
  }

  const unsubscribe = bus.subscribe(({ event }) => {
    const about = subjectOf(event)
    if (about === null) return
    for (const [key, entry] of sessions) {
      if (entry.id !== about) continue
      if (event.type === 'guest.removed') void drop(key, consoleClose.gone, 'The guest is gone')
      else if (event.type === 'host.removed') void drop(key, consoleClose.gone, 'The host was removed')
      else if (event.type === 'guest' && !same(entry, event.guest.identity))
        void drop(key, consoleClose.gone, 'Another guest has this name now')
      else entry.session.guestChanged()
    }
  })

  const unwatch = access.onRevoked((token) => {
    for (const client of clients) if (client.token === token) client.socket.close(consoleClose.signedOut, 'You are signed out')
  })

  // Keeps proxies from closing quiet consoles, finds dead peers, and asks again whether the session still holds.
  const ping = setInterval(() => {
    for (const client of clients) {
      if (!client.alive) {
        client.socket.terminate()
        continue
      }
      client.alive = false
      client.socket.ping()
      if (client.token === null) continue
      void access.session(client.cookie).then(
        (session) => session ?? client.socket.close(consoleClose.signedOut, 'You are signed out'),
        (error: Error) => log.warn({ err: error }, 'console session check failed'),
      )
    }
  }, limits.pingMs)
  ping.unref()

  function connected(socket: WebSocket, req: IncomingMessage, request: ConsoleRequest): void {
    const { kind, by } = request
    const client: Client = { socket, token: by.token, alive: true, cookie: req.headers.cookie }
    clients.add(client)
    socket.on('pong', () => {
      client.alive = true
    })
    socket.on('close', () => clients.delete(client))
    // Truncated, oversized and otherwise broken frames: ws closes this socket with the right code; nobody else notices.
    socket.on('error', (error) => log.warn({ err: error }, 'console socket failed'))
    const { ends } = by
    if (ends) {
      const end = () => socket.close(consoleClose.linkEnded, closeReason(String(ends.reason)))
      if (ends.aborted) {
        end()
        return
      }
      ends.addEventListener('abort', end)
      socket.on('close', () => ends.removeEventListener('abort', end))
    }
    if (kind !== 'vnc') sessionOf(request, kind).attach(socket, { ...by, link: by.token === null }, parseAttachQuery(req.url ?? '/'))
    else screen(socket, request.guest)
  }

  function screen(socket: WebSocket, { host, engine, name }: GuestRef): void {
    const target = () => inventory.engine(host, engine).console(name, 'vnc', new AbortController().signal)
    void bridgeVnc(socket, { exec: () => inventory.exec(host), target })
  }

  return {
    handleUpgrade(req, socket, head, request) {
      sockets.handleUpgrade(req, socket, head, (ws) => connected(ws, req, request))
    },
    async close(reason) {
      clearInterval(ping)
      unsubscribe()
      unwatch()
      const dropped = [...sessions.keys()].map((key) => drop(key, 1001, reason))
      const open = [...clients].map(({ socket }) => {
        socket.close(1001, closeReason(reason))
        return new Promise<void>((resolve) => {
          socket.once('close', () => resolve())
          // A client that does not answer the close must not keep the server.
          setTimeout(() => socket.terminate(), 500).unref()
        })
      })
      await Promise.all([...open, ...dropped])
      sockets.close()
    },
  }
}
