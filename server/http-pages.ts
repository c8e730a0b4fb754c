import { existsSync } from 'node:fs'
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { format } from 'node:util'
import { AppError } from './errors'
import { createStatic } from './http-static'
import type { Log } from './log'
import type { Services, SessionInfo } from './services'

/** What is shown without a session: signing in, a watch link (an empty page without a good token), and what their pages are made of. */
const open = /^\/(login|setup)$|^\/watch\/[A-Za-z0-9_-]{1,64}$|^\/_next\/static\/|^\/(favicon|icon|apple-icon)[^/]*$/
/** What the development server adds: sources, overlay, fonts. It runs on the developer's own machine. */
const openInDev = /^\/_next\/|^\/__nextjs/

/** Where a request must go first, or null when it may have what it asks for. Signing in leads back to where one wanted to go. */
export async function redirect(url: string, session: SessionInfo | null, access: Services['access'], dev: boolean): Promise<string | null> {
  const [pathname = '', query] = url.split('?', 2)
  const isPage = pathname === '/login' || pathname === '/setup'
  if (session) return isPage ? '/' : null
  if (!isPage && (open.test(pathname) || (dev && openInDev.test(pathname)))) return null
  const wanted = (await access.needsSetup()) ? '/setup' : '/login'
  if (pathname === wanted) return null
  // What is no watch link may be most of one: that is not taken along.
  if (wanted === '/setup' || isPage || pathname === '/' || pathname.startsWith('/watch/')) return wanted
  // Next's own parameter, on the data of a page instead of the page, means nothing in an address.
  const rest = new URLSearchParams(query)
  rest.delete('_rsc')
  return `/login?next=${encodeURIComponent(rest.size > 0 ? `${pathname}?${rest}` : pathname)}`
}

export interface Pages {
  /** Serves a page or a file of the build. The request's CSP header carries the nonce that Next puts on its scripts. */
  handle(req: IncomingMessage, res: ServerResponse, pathname: string): Promise<void>
  /** The reload socket of the development server. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): Promise<void>
}

/** Next tells on standard output how long its settings took; that is for our few words, so what it says while it starts goes to the log. */
async function quietly(log: Pick<Log, 'debug'>, work: () => Promise<void>): Promise<void> {
  const { log: before } = console
  console.log = (...words) => log.debug({ next: format(...words) }, 'Next starts')
  try {
    await work()
  } finally {
    console.log = before
  }
}

/** Next, in this process. In production it serves the build in `.next`; in development it compiles on demand. */
export async function createPages(options: {
  dir: string
  dev: boolean
  host: string
  port: number
  log: Pick<Log, 'debug'>
}): Promise<Pages> {
  const { dir, dev, host, port, log } = options
  if (!dev && !existsSync(join(dir, '.next', 'BUILD_ID')))
    throw new AppError('refused', 'The pages are not built. Run `npm run build` first.')
  const { default: next } = await import('next')
  // Next adds its own upgrade listener to the server it is given. It gets one that never listens: ours decides about sockets.
  const decoy = createServer()
  const app = next({ dir, dev, httpServer: decoy, hostname: host, port })
  await quietly(log, () => app.prepare())
  const handler = app.getRequestHandler()
  if (dev) {
    // Next takes reload sockets only after its first request, and pages that are open when the server restarts ask for no other.
    const first = Object.assign(new IncomingMessage(new Socket()), { method: 'HEAD', url: '/icon.svg' })
    // Nobody reads this reply, so it is not waited for.
    void handler(first, new ServerResponse(first)).catch(() => {})
  }
  const folder = join(dir, '.next', 'static')
  const serveStatic = !dev && existsSync(folder) ? createStatic(folder) : null
  return {
    async handle(req, res, pathname) {
      if (serveStatic && pathname.startsWith('/_next/static/') && (await serveStatic(req, res, pathname))) return
      await handler(req, res)
    },
    upgrade(req, socket, head) {
      if (!decoy.emit('upgrade', req, socket, head)) socket.destroy()
    },
    close: () => app.close(),
  }
}
