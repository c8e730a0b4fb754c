import type { Watched } from '@/server/model/watch'
import type { Refusal } from './refusal'

export type WatchAnswer = { state: 'good'; watched: Watched } | { state: 'ended'; words: string } | { state: 'away'; words: string }

const isWatched = (value: unknown): value is Watched =>
  typeof value === 'object' && value !== null && 'guest' in value && 'kind' in value && 'until' in value
const wordsOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string' ? value.message : ''

/**
 * Asks the server what a watch link shows. `ended`: it will never be good again; `away`: worth another try.
 * Not by tRPC, which is for signed-in people; the token goes in the body, where no log has it. Never rejects.
 */
export async function askWatched(token: string): Promise<WatchAnswer> {
  try {
    const reply = await fetch('/api/watch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    const body: unknown = await reply.json()
    if (reply.ok && isWatched(body)) return { state: 'good', watched: body }
    return { state: [400, 404, 410].includes(reply.status) ? 'ended' : 'away', words: wordsOf(body) }
  } catch {
    return { state: 'away', words: '' }
  }
}

/** Whether a socket that was refused is refused for good: the same question that the page asked. Never rejects. */
export async function askRefused(token: string): Promise<Refusal> {
  const answer = await askWatched(token)
  return answer.state === 'ended' ? 'refused' : null
}
