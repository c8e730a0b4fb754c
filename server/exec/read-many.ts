import type { Exec } from './types'

/**
 * The text of several small files of a host in one command; those that cannot be read are absent. For hosts where every
 * read is a round trip: tail(1) of coreutils and BusyBox names each file before its text when it is given more than one.
 */
export async function readMany(exec: Pick<Exec, 'run'>, paths: readonly string[], timeoutMs = 10_000): Promise<Map<string, string>> {
  // A single file would come without its name: the null device has nothing to say and makes them two.
  const result = await exec.run(['tail', '-n', '+1', '--', ...paths, '/dev/null'], { timeoutMs })
  return splitTail(result.stdout, paths)
}

/** Tells the files apart again. Only a head that names the next file wanted counts, so that text which looks like one does no harm. */
export function splitTail(text: string, paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  const places: { path: string; from: number; to: number }[] = []
  let at = 0
  for (const path of [...paths, '/dev/null']) {
    const head = `==> ${path} <==\n`
    const from = text.startsWith(head, at) ? at : text.indexOf(`\n${head}`, at) + 1
    if (from === 0 && !text.startsWith(head)) continue
    places.push({ path, from, to: from + head.length })
    at = from + head.length
  }
  for (const [index, { path, to }] of places.entries()) {
    const next = places[index + 1]
    // An empty line stands before each head but the first.
    if (path !== '/dev/null') found.set(path, text.slice(to, next ? Math.max(to, next.from - 1) : undefined))
  }
  return found
}
