import type { Readable } from 'node:stream'
import type { FilesTarget } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import type { GuestRef } from '@/server/model/guest'
import { formatBytes } from '@/server/model/size'
import type { Files, Inventory } from '@/server/services'

type Needs = {
  inventory: Pick<Inventory, 'exec'>
  target(ref: GuestRef, signal: AbortSignal): Promise<FilesTarget>
  limitBytes: number
}

/** How long the guest may take to say how long the file is, ms. */
const headMs = 20_000
/** The line with the size; a guest that sends more without a line break sends no file. */
const longestHead = 64

/** What a command of the guest said of its refusal: its last line. */
export const refusalOf = (stderr: string): string =>
  stderr
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^Error: /, '')
    .slice(0, 300) || 'Its own commands failed without a word'

/** Reads the first line and what came after it. Rejects when the stream ends before. */
async function readHead(stream: Readable): Promise<{ line: string; rest: Buffer } | null> {
  let seen = Buffer.alloc(0)
  for (;;) {
    const piece: Buffer | null = stream.read()
    if (piece) seen = Buffer.concat([seen, piece])
    const at = seen.indexOf(10)
    if (at >= 0) return { line: seen.subarray(0, at).toString('latin1'), rest: seen.subarray(at + 1) }
    if (seen.length > longestHead || stream.readableEnded || stream.destroyed) return null
    if (!piece)
      await new Promise<void>((resolve) => {
        const go = () => {
          for (const name of ['readable', 'end', 'close', 'error']) stream.off(name, go)
          resolve()
        }
        for (const name of ['readable', 'end', 'close', 'error']) stream.once(name, go)
      })
  }
}

/**
 * Opens a file of a guest: its size, and its bytes as they come. Never more than the size that was told are passed on; fewer, or a
 * command that fails, end the bytes with an error. Aborting the signal ends the command.
 */
export function createPull({ inventory, target, limitBytes }: Needs): Files['pull'] {
  return async (ref, path, signal) => {
    const { read } = await target(ref, signal)
    const { argv, env } = read(path)
    const stop = new AbortController()
    const { stdout, ended } = inventory.exec(ref.host).stream(argv, { env, signal: AbortSignal.any([signal, stop.signal]) })
    stdout.on('error', () => {})
    let late = false
    const timer = setTimeout(() => {
      late = true
      stop.abort()
    }, headMs)
    const head = await readHead(stdout).finally(() => clearTimeout(timer))
    const sizeBytes = head && /^\d{1,16}$/.test(head.line) ? Number(head.line) : null
    if (!head || sizeBytes === null) {
      // What ended by itself has said why; what goes on has nothing to say.
      if (head || !stdout.readableEnded) stop.abort()
      const { stderr, code } = await ended
      if (late) throw new AppError('unavailable', `The guest did not answer within ${headMs / 1000} s`)
      throw new AppError('refused', code ? refusalOf(stderr) : 'The guest told no size', 'path')
    }
    if (sizeBytes > limitBytes) {
      stop.abort()
      throw new AppError('refused', `It is ${formatBytes(sizeBytes)}, and at most ${formatBytes(limitBytes)} are moved`, 'path')
    }

    async function* bytes(first: Buffer, total: number): AsyncGenerator<Buffer> {
      let left = total
      try {
        if (first.length > 0) {
          yield first.subarray(0, left)
          left -= Math.min(left, first.length)
        }
        for await (const piece of stdout) {
          if (left === 0) break
          yield piece.subarray(0, left)
          left -= Math.min(left, piece.length)
        }
        if (left > 0) throw new AppError('failed', `The file ended ${formatBytes(left)} early: it may have changed meanwhile`)
      } finally {
        stop.abort()
        await ended.catch(() => {})
      }
    }
    return { sizeBytes, bytes: bytes(head.rest, sizeBytes) }
  }
}
