import type { Exec } from './types'

/** Total and free bytes of the first line of `df -Pk`, which POSIX lays down. */
export function parseDf(text: string): { total: number; free: number } | null {
  const fields = text
    .trim()
    .split('\n')[1]
    ?.match(/\s(\d+)\s+(\d+)\s+(\d+)\s+\d+%/)
  return fields ? { total: Number(fields[1]) * 1024, free: Number(fields[3]) * 1024 } : null
}

/** The room where the first of these folders lies that is there; null when the host does not tell. */
export async function readSpace(exec: Exec, folders: readonly string[]): Promise<{ total: number; free: number } | null> {
  // Its code is not 0 when one is missing; the lines of the others are there all the same, in the order asked for.
  const result = await exec.run(['df', '-Pk', '--', ...folders], { timeoutMs: 10_000 })
  return parseDf(result.stdout)
}
