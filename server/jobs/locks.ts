import { AppError } from '@/server/errors'

/** Who holds a lock: what it does in words, and the job once there is one. */
export type Holder = { title: string; job?: string }

export interface Locks {
  /** Takes all the keys, or none and rejects with `conflict` naming the holder. Keys already held by this holder are fine. */
  take(keys: readonly string[], holder: Holder): void
  /** The holder of a key, where there is one. */
  holder(key: string): Holder | undefined
  release(holder: Holder): void
}

/**
 * The full name of a lock. Guests of two engines may share a name without being in each other's way;
 * everything else (images, files) belongs to the host.
 */
export const lockKey = (host: string, engine: string | undefined, lock: string): string =>
  lock.startsWith('guest:') && engine ? `${host}~${engine}~${lock}` : `${host}~${lock}`

/** Locks in memory: jobs end with the process, and so do these. */
export function createLocks(): Locks {
  const held = new Map<string, Holder>()
  return {
    take(keys, holder) {
      for (const key of keys) {
        const other = held.get(key)
        if (other && other !== holder)
          throw new AppError('conflict', `“${other.title}” is under way. Wait until it has ended, or cancel it.`)
      }
      for (const key of keys) held.set(key, holder)
    },
    holder: (key) => held.get(key),
    release(holder) {
      for (const [key, other] of held) if (other === holder) held.delete(key)
    },
  }
}
