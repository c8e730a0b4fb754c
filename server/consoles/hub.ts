import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import { type WebSocket, WebSocketServer } from 'ws'
import { consoleClose } from '../model/console'
import type { Access, Bus, ConsoleRequest, Consoles } from '../services'
import { createKeptSessions } from './kept'
import { type ConsoleLimits, consoleLimits } from './limits'
import type { PlaceInventory } from './place'
import { parseAttachQuery } from './protocol'
import { closeReason } from './session'
import { createSessions } from './session-table'
import type { MakeTap } from './tap'
import { createScreens } from './vnc'

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

type Client = { socket: WebSocket; token: string | null; alive: boolean; cookie: string | undefined }

/** The sockets of consoles: who is let in is connected to a session or a screen, kept alive, and put out when the right ends. */
export function createConsoles({ inventory, bus, access, log, limits: given, folder, tap }: Parts): Consoles {
  const limits = { ...consoleLimits, ...given }
  const clients = new Set<Client>()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: limits.inputBytes })

  const screens = createScreens({ inventory, bus })
  const kept = folder
    ? createKeptSessions(folder, { keepBytes: limits.ringBytes, totalBytes: limits.keptBytes }, (error) =>
        log.warn({ err: error }, 'the text of a console could not be kept'),
      )
    : null
  const sessions = createSessions({ inventory, bus, log, limits, kept, tap })

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
    if (kind === 'vnc') screens.attach(socket, request.guest, by)
    else {
      const session = sessions.open(request, kind)
      if (session) session.attach(socket, { ...by, link: by.token === null }, parseAttachQuery(req.url ?? '/'))
      else socket.close(consoleClose.full, 'Too many consoles are open. Close one.')
    }
  }

  return {
    handleUpgrade(req, socket, head, request) {
      sockets.handleUpgrade(req, socket, head, (ws) => connected(ws, req, request))
    },
    lastLines: sessions.lastLines,
    picture: (guest) => screens.picture(guest),
    async close(reason) {
      clearInterval(ping)
      screens.close(reason)
      unwatch()
      const dropped = sessions.close(reason)
      const open = [...clients].map(({ socket }) => {
        socket.close(1001, closeReason(reason))
        return new Promise<void>((resolve) => {
          socket.once('close', () => resolve())
          // A client that does not answer the close must not keep the server.
          setTimeout(() => socket.terminate(), 500).unref()
        })
      })
      await Promise.all([...open, dropped])
      sockets.close()
    },
  }
}
