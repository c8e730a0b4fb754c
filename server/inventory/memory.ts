import { mkdirSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { z } from 'zod'
import { arches, consoleKinds, engineKinds, type Guest, guestId, guestTypes } from '@/server/model/guest'

/** What a host's guests were when it was last heard of. A memory, never the truth: such guests are shown greyed. */
export type Remembered = { seenAt: number; guests: Guest[] }

export type Memory = {
  /** Null where nothing is remembered, or what is stored cannot be read. */
  recall(host: string): Remembered | null
  /** Writes soon; many calls become one. `take` is called then, and gives null when it is no longer to be kept. */
  keep(host: string, take: () => Remembered | null): void
  /** Writes what is given, whatever was to be written. */
  keepNow(host: string, remembered: Remembered): void
  forget(host: string): Promise<void>
  /** Writes what is still to be written. */
  close(): Promise<void>
}

const text = z.string()
const record = z.object({
  engine: z.enum(engineKinds),
  name: text,
  identity: text.optional(),
  type: z.enum(guestTypes),
  os: text.optional(),
  arch: z.enum([...arches, 'armv7', 'ppc64', 'mips64']).optional(),
  accel: z.enum(['kvm', 'tcg', 'native']).optional(),
  cpus: z.number(),
  memoryBytes: z.number(),
  memoryUnlimited: z.boolean().optional(),
  diskBytes: z.number().optional(),
  addresses: z.array(text),
  user: text.optional(),
  autostart: z.boolean(),
  persistent: z.boolean(),
  tags: z.array(text),
  consoles: z.array(z.enum(consoleKinds)),
  snapshotCount: z.number().optional(),
  emulator: text.optional(),
  protected: z.boolean().optional(),
  hidden: z.boolean().optional(),
  order: z.number().optional(),
  lastSeenAt: z.number().optional(),
})
const stored = z.object({ seenAt: z.number(), guests: z.array(record) })

/** One file per host in `folder`, for the server's user only. Files that cannot be written are logged and cost the memory alone. */
export function createMemory({ folder, log, waitMs = 2000 }: { folder: string; log: Pick<Logger, 'warn'>; waitMs?: number }): Memory {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fileOf = (host: string) => join(folder, `${encodeURIComponent(host)}.json`)
  const waiting = new Map<string, { timer: NodeJS.Timeout; take: () => Remembered | null }>()
  /** One write after the other: a late one must not win over a newer. */
  let writes = Promise.resolve()

  function write(host: string, { seenAt, guests }: Remembered): void {
    const content = JSON.stringify(stored.parse({ seenAt, guests }))
    const file = fileOf(host)
    writes = writes
      .then(() => writeFile(`${file}.new`, content, { mode: 0o600 }))
      .then(() => rename(`${file}.new`, file))
      .catch((error: unknown) => log.warn({ host, error }, 'the last known guests of a host could not be kept'))
  }

  function drop(host: string): (() => Remembered | null) | undefined {
    const due = waiting.get(host)
    clearTimeout(due?.timer)
    waiting.delete(host)
    return due?.take
  }

  function flush(host: string): void {
    const remembered = drop(host)?.()
    if (remembered) write(host, remembered)
  }

  return {
    recall(host) {
      try {
        const { seenAt, guests } = stored.parse(JSON.parse(readFileSync(fileOf(host), 'utf8')))
        return {
          seenAt,
          guests: guests.map((guest) => ({
            ...guest,
            id: guestId(host, guest.engine, guest.name),
            host,
            state: 'unknown',
            lastSeenAt: guest.lastSeenAt ?? seenAt,
            warning: 'Its host was not reached since Bailiwick was started',
          })),
        }
      } catch {
        // None, or of another version: then its guests show once it answers.
        return null
      }
    },
    keep(host, take) {
      if (waiting.has(host)) return
      const timer = setTimeout(flush, waitMs, host)
      timer.unref()
      waiting.set(host, { timer, take })
    },
    keepNow(host, remembered) {
      drop(host)
      write(host, remembered)
    },
    async forget(host) {
      drop(host)
      writes = writes.then(() => rm(fileOf(host), { force: true })).catch(() => {})
      await writes
    },
    async close() {
      for (const host of [...waiting.keys()]) flush(host)
      await writes
    },
  }
}
