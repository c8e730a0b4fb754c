import { hash, verify } from '@node-rs/argon2'

/** OWASP's least for argon2id (the library's default kind): 19 MiB, two passes. About 25 ms of one core; runs on libuv's threads, not on the main one. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Two at a time: many sign-ins at once may wait, not fill memory with 19 MiB each. */
const places = 2

export interface Passwords {
  hash(password: string): Promise<string>
  /** False for a wrong password. `null` for an unknown user takes as long as a real check. */
  verify(stored: string | null, password: string): Promise<boolean>
}

export function createPasswords(): Passwords {
  let busy = 0
  const waiting: (() => void)[] = []
  let decoy: Promise<string> | undefined

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (busy >= places) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else busy--
    }
  }

  const makeHash = (password: string) => inTurn(() => hash(password, cost))
  return {
    hash: makeHash,
    async verify(stored, password) {
      decoy ??= makeHash('nobody has this password')
      const against = stored ?? (await decoy)
      const right = await inTurn(() => verify(against, password))
      return right && stored !== null
    },
  }
}
