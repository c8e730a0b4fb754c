import { client } from '@/components/trpc'

/** Why a socket was refused, which the browser does not tell: null when the server does not answer at all. */
export type Refusal = 'signed-out' | 'refused' | null

/** Asks the server whether this page is still signed in. Never rejects. */
export async function askRefusal(): Promise<Refusal> {
  try {
    const { user } = await client.session.status.query()
    return user ? 'refused' : 'signed-out'
  } catch {
    return null
  }
}

/** Refusals in a row until it counts as one for good: the server may have been starting. */
const enough = 2

/** Follows one console's tries to get in and says when there is no use in another. */
export class RefusalWatch {
  #count = 0

  constructor(private readonly ask: () => Promise<Refusal> = askRefusal) {}

  opened(): void {
    this.#count = 0
  }

  /** After a socket that never opened. Null: try again. */
  async refused(): Promise<'signed-out' | 'gone' | null> {
    const why = await this.ask()
    if (why === 'signed-out') return why
    this.#count = why === 'refused' ? this.#count + 1 : 0
    return this.#count >= enough ? 'gone' : null
  }
}
