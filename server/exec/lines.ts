import { StringDecoder } from 'node:string_decoder'
import type { Argv } from '@/server/model/plan'
import { Capped } from './capped'
import type { Child } from './commands'
import { ExecError, resultError } from './error'

const longest = 8 * 1024 * 1024
const tailBytes = 8 * 1024

/** The lines of a command that keeps running; `start` starts it. Leaving the loop ends the command. */
export async function* readLines(
  argv: Argv,
  start: () => Child,
  signal: AbortSignal | undefined,
  started: (child: Child) => void,
): AsyncGenerator<string, void, undefined> {
  if (signal?.aborted) return
  const since = Date.now()
  const child = start()
  started(child)
  const errors = new Capped(tailBytes)
  child.stderr.on('data', (piece: Buffer) => errors.add(piece))
  const abort = () => void child.stop('aborted')
  signal?.addEventListener('abort', abort, { once: true })
  const decoder = new StringDecoder('utf8')
  let rest = ''
  try {
    try {
      for await (const piece of child.stdout) {
        rest += decoder.write(piece)
        const found = rest.split('\n')
        rest = found.pop() ?? ''
        if (rest.length > longest) throw new ExecError(`${argv[0]} wrote a line of more than 8 MiB`, { reason: 'output', argv })
        for (const line of found) {
          if (signal?.aborted) return
          yield line
        }
      }
    } catch (error) {
      // The pipe is torn down together with the process: then the ending below says why.
      if (error instanceof ExecError || !child.stdout.destroyed) throw error
    }
    if (signal?.aborted) return
    if (rest) yield rest
    const { code, signal: by } = await child.ended
    if (signal?.aborted) return
    if (code !== 0 || by) {
      const seconds = (Date.now() - since) / 1000
      throw resultError({ argv, code, signal: by, stdout: '', stderr: errors.text(), truncated: false, seconds })
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    // A process group of its own outlives its reader unless it is told to go.
    await child.stop('aborted')
  }
}
