import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, type ErrorCode } from './errors'
import { clientAddress, type OriginRules } from './http-origin'
import type { Log } from './log'
import { baseOf } from './model/file'
import { guestPathInput } from './model/file-input'
import { guestId, parseGuestId } from './model/guest'
import type { Services } from './services'

/** Files that one person fetches at once; each holds a process on a host. */
const atOnce = 4

const statuses: Partial<Record<ErrorCode, number>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  refused: 409,
  'too-many': 429,
  unavailable: 503,
}

/** A name for the browser to save under, as RFC 6266 writes it: in plain letters for the old, in full for the rest. */
export function disposition(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._ -]/g, '_')
  const full = encodeURIComponent(name).replace(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`
}

/** GET /files?guest=<id>&path=<path>: the bytes of a file of a guest, as a download. What it is called and what is in it is the guest's: a browser must not make a page of it. */
export function createFileDownloads({ services, rules, log }: { services: Services; rules: OriginRules; log: Log }) {
  const { access, files } = services
  const open = new Map<string, number>()

  const say = (res: ServerResponse, status: number, message: string) => {
    res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    res.end(`${message}\n`)
  }

  async function send(req: IncomingMessage, res: ServerResponse, user: { id: string }): Promise<void> {
    const query = new URL(req.url ?? '/', 'http://x').searchParams
    const ref = parseGuestId(query.get('guest') ?? '')
    const path = guestPathInput.safeParse(query.get('path') ?? '')
    if (!ref) throw new AppError('not-found', 'There is no such guest')
    if (!path.success) throw new AppError('invalid', `path: ${path.error.issues[0]?.message}`)
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    const target = `${guestId(ref.host, ref.engine, ref.name)} ${path.data}`.slice(0, 500)
    const note = (ok: boolean, detail?: string) =>
      access
        .audit({ user: user.id, action: 'file.pull', target, ok, detail, from: clientAddress(req, rules) })
        .catch((error: unknown) => log.error({ error, target }, 'audit entry not written'))
    try {
      const { sizeBytes, bytes } = await files.pull(ref, path.data, gone.signal)
      res.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': sizeBytes,
        'content-disposition': disposition(baseOf(path.data)),
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      // The browser shows that it begins, also while the guest is slow.
      res.flushHeaders()
      await pipeline(Readable.from(bytes, { objectMode: false }), res)
      await note(true, `${sizeBytes} bytes`)
    } catch (error) {
      await note(false, gone.signal.aborted ? 'The browser went away' : error instanceof Error ? error.message : String(error))
      throw error
    }
  }

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.method !== 'GET') return say(res, 405, 'Files are only fetched here')
    const session = await access.session(req.headers.cookie)
    if (!session) return say(res, 401, 'Sign in first')
    const { user } = session
    if (!access.allows(user, 'guest.files', '*')) return say(res, 403, 'This needs the right guest.files')
    const mine = open.get(user.id) ?? 0
    if (mine >= atOnce) return say(res, 429, `${atOnce} files are being fetched already: wait for one`)
    open.set(user.id, mine + 1)
    try {
      await send(req, res, user)
    } catch (error) {
      // What began cannot be taken back: the connection breaks off, and the browser says so.
      if (res.headersSent || res.destroyed) res.destroy()
      else if (error instanceof AppError) say(res, statuses[error.code] ?? 500, error.message)
      else throw error
    } finally {
      open.set(user.id, (open.get(user.id) ?? 1) - 1)
    }
  }
}
