import type { Exec } from '../exec/types'
import type { ConsoleTarget } from '../model/console'

type History = NonNullable<(ConsoleTarget & { kind: 'pty' })['history']>

/** What was printed before anybody watched: at most `maxBytes`, nothing where it cannot be had. Never rejects. */
export async function readHistory(exec: Exec, history: History, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const nothing = new Uint8Array(0)
  if ('path' in history) return exec.readFile(history.path, { offset: -maxBytes, maxBytes }).catch(() => nothing)
  const { code, stdout } = await exec.run(history.argv, { signal, timeoutMs: 5000 }).catch(() => ({ code: 1, stdout: '' }))
  if (code !== 0) return nothing
  // Lines of a command end with a line feed alone; on a terminal that would not go back to its left side.
  const text = Buffer.from(stdout.trimEnd().replace(/\r?\n/g, '\r\n'))
  return text.length === 0 ? nothing : Buffer.concat([text.subarray(-maxBytes), Buffer.from('\r\n')])
}
