import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from './errors'
import { decoded } from './model/decoded'
import { parseGuestId } from './model/guest'
import type { Permission } from './model/permission'
import type { Services, User } from './services'

type Refusal = { status: number; message: string }
const absent: Refusal = { status: 404, message: 'There is no such screen' }
const statusOf: Partial<Record<string, number>> = { 'not-found': 404, refused: 409, unavailable: 503 }

/**
 * GET /screen/<guest>: a small PNG of what is on its screen now, for those who may use or watch its console. `X-Stale: 1` marks one
 * that was seen before the screen was lost. With the tag of the last answer an unchanged picture is 304. Returns why there is none.
 */
export async function sendPicture(req: IncomingMessage, res: ServerResponse, services: Services, user: User): Promise<Refusal | undefined> {
  const id = decoded((req.url ?? '').split('?', 1)[0]?.slice('/screen/'.length) ?? '')
  const ref = parseGuestId(id)
  const allows = (right: Permission) => services.access.allows(user, right, `guest/${id}`)
  const may = allows('guest.console') || allows('guest.watch')
  if (!ref || !services.inventory.guest(id) || !may) return absent
  try {
    const { png, tag, stale } = await services.consoles.picture(ref)
    res.setHeader('Cache-Control', 'private, no-cache')
    res.setHeader('ETag', `"${tag}"`)
    res.setHeader('X-Stale', stale ? '1' : '0')
    if (req.headers['if-none-match'] === `"${tag}"`) {
      res.statusCode = 304
      res.end()
      return
    }
    res.setHeader('Content-Type', 'image/png')
    res.setHeader('Content-Length', png.length)
    res.end(req.method === 'HEAD' ? undefined : png)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { status: statusOf[error.code] ?? 500, message: error.message }
  }
}
