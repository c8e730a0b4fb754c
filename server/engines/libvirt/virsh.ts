import { AppError } from '@/server/errors'
import type { Exec, RunResult } from '@/server/exec/types'
import type { Argv } from '@/server/model/plan'

/** `virsh -c URI …`, the form of every command that a plan holds. */
export const virsh = (uri: string, ...args: string[]): Argv => ['virsh', '-q', '-c', uri, ...args]

/**
 * A word for virsh's own command line, as `virsh 'a; b'` reads it: quoted like in a shell.
 * Seen with 9.0: single quotes hold everything literally, `'\''` is one quote.
 */
export const quote = (word: string): string => (/^[a-zA-Z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** What virsh said on stderr, as one sentence: its "error: " prefixes and repetitions removed. */
export function virshWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^error: /, '').trim())
    .filter(Boolean)
  return [...new Set(lines)].join('. ').slice(0, 600) || 'virsh ended without a word'
}

/** One argument may be 128 KiB on Linux (MAX_ARG_STRLEN); below that by a margin. */
const longestScript = 100_000

type ReadOptions = {
  signal?: AbortSignal
  timeoutMs?: number
  /** Rejects when the last command fails: a list that could not be read must not look like an empty one. */
  needLast?: boolean
}

/**
 * Runs several read commands in as few virsh processes as fit and returns what each one printed, in order.
 * A command that fails (its domain is gone) gives null; the others go on. Rejects with `unavailable` when there is no connection.
 */
export async function batch(exec: Exec, uri: string, commands: string[][], options: ReadOptions = {}): Promise<(string | null)[]> {
  const out: (string | null)[] = []
  let script: string[] = []
  let length = 0
  const flush = async (last: boolean) => {
    if (script.length > 0) out.push(...(await runScript(exec, uri, script, { ...options, needLast: options.needLast && last })))
    script = []
    length = 0
  }
  for (const command of commands) {
    const text = command.map(quote).join(' ')
    if (length + text.length > longestScript) await flush(false)
    script.push(text)
    length += text.length + 40
  }
  await flush(true)
  return out
}

// virsh goes on after a command that failed and says nothing on stdout, so a mark after each one tells them apart.
const mark = '--bailiwick-next--'

async function runScript(
  exec: Exec,
  uri: string,
  script: string[],
  { signal, timeoutMs = 30_000, needLast }: ReadOptions,
): Promise<(string | null)[]> {
  const marked = script.map((command) => `${command}; echo '\n${mark}\n'`).join('; ')
  // The exit code is that of the last command: the mark's, which always succeeds, or the one that has to.
  const text = needLast ? marked.slice(0, marked.lastIndexOf('; echo ')) : marked
  const result = await exec.run(virsh(uri, text), { signal, timeoutMs })
  if (result.code !== 0 || result.truncated) throw new AppError('unavailable', `libvirt does not answer: ${why(result)}`)
  const parts = (needLast ? `${result.stdout}\n${mark}\n` : result.stdout).split(`\n${mark}\n`)
  if (parts.length !== script.length + 1) throw new AppError('unavailable', `libvirt answered only in part: ${why(result)}`)
  return parts.slice(0, -1).map((part) => (part === '' ? null : part))
}

function why(result: RunResult): string {
  if (result.signal === 'timeout') return `no answer within ${Math.round(result.seconds)} s`
  if (result.truncated) return 'more output than is read'
  if (result.code === null) return `virsh was ended by ${result.signal ?? 'a signal'}`
  return virshWords(result.stderr)
}

/** Rows of a table that virsh prints: the header's column starts cut each line; columns are at least two blanks apart. */
export function table(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^-+$/.test(line.trim()))
    .map((line) => line.trim().split(/\s{2,}/))
}

/** "Key:   value" lines, as nodeinfo and dominfo print them. */
export function keyValues(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) found.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return found
}
