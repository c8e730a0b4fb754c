import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from './errors'
import { acceptedEncoding } from './http-body'
import type { Refusal } from './http-origin'
import type { Services, SessionInfo } from './services'

const address = /^\/recording\/([0-9a-f]{16})\.(cast|txt)$/
const absent: Refusal = { status: 404, message: 'There is no such recording' }

/**
 * Sends a recording to whoever may read those of its guest, and writes that down. Returns why not: the same for one that is absent
 * and one that is not theirs.
 */
export async function sendRecorded(
  req: IncomingMessage,
  res: ServerResponse,
  {
    access,
    recordings,
  }: { access: Pick<Services['access'], 'allows' | 'audit'>; recordings: Pick<Services['recordings'], 'get' | 'send'> },
  { user }: SessionInfo,
  from: string,
): Promise<Refusal | undefined> {
  const url = new URL(req.url ?? '/', 'http://localhost')
  const [, id = '', format] = address.exec(url.pathname) ?? []
  if (format !== 'cast' && format !== 'txt') return absent
  try {
    const info = await recordings.get(id)
    const action = url.searchParams.has('play') ? 'recording.play' : 'recording.download'
    const may = access.allows(user, 'recording.read', `guest/${info.guest}`)
    await access.audit({ user: user.id, action, target: `${info.guest} ${id}.${format}`, ok: may, from })
    if (!may) return absent
    const inline = action === 'recording.play'
    await recordings.send(res, info, format, { inline, gzip: inline && acceptedEncoding(req.headers['accept-encoding']) !== null })
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found' && !res.headersSent) return { ...absent, message: error.message }
    throw error
  }
}
