import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { AppError } from './errors'
import { endEarly, readBody } from './http-body'
import { clientAddress, type OriginRules, type Refusal } from './http-origin'
import type { Services } from './services'

const bodyLimit = 1024
const question = z.object({ token: z.string().max(128) })

const statuses = { 'not-found': 404, refused: 410, unavailable: 503, 'too-many': 429 } as const satisfies Partial<
  Record<AppError['code'], number>
>
const hasStatus = (code: string): code is keyof typeof statuses => Object.hasOwn(statuses, code)

/** What a link that is not good is answered with. Throws what is no refusal. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof AppError) || !hasStatus(error.code)) throw error
  return { status: statuses[error.code], message: error.message }
}

/**
 * The path as it may be written down: without the token of a watch link.
 * Whatever follows counts as one, for a mistyped token is most of a token.
 */
export const loggedPath = (url: string | undefined): string | undefined => url?.split('?')[0]?.replace(/^(\/watch\/).+/, '$1…')

/** Headers of a page whose address is a secret: it is not kept, not told to anybody, and not found by searching. */
export function hideAddress(res: ServerResponse): void {
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('X-Robots-Tag', 'noindex, nofollow')
}

/** POST /api/watch {token}: what the link shows, for its page. No session; Origin was checked before. The token is in the body, so that no log has it. */
export function createWatchHandler({ services, rules }: { services: Services; rules: OriginRules }) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const say = (status: number, body: object) => {
      res.statusCode = status
      endEarly(req, res, JSON.stringify(body))
    }
    hideAddress(res)
    res.setHeader('Content-Type', 'application/json; charset=utf-8')
    if (req.method !== 'POST') return say(405, { message: 'Use POST' })
    if (!/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '')) return say(415, { message: 'Send application/json' })
    const text = await readBody(req, bodyLimit)
    if (text === null) return say(413, { message: 'The request is too long' })
    const asked = question.safeParse(parse(text))
    if (!asked.success) return say(400, { message: 'token: not valid' })
    try {
      say(200, await services.watch.look(asked.data.token, clientAddress(req, rules)))
    } catch (error) {
      const { status, message } = refusalOf(error)
      say(status, { message })
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
