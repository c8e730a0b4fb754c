import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type KeptOf, meta, metaName, segments } from './kept-folder'

/** What is kept of one console: the files of its bytes, oldest first, and when it was last written to, ms since 1970. */
export type KeptText = KeptOf & { paths: string[]; at: number }

/** The kept text of all consoles, those that are open now included but for their last quarter of a second. Newest first. */
export async function keptTexts(root: string): Promise<KeptText[]> {
  if (!existsSync(root)) return []
  const found: KeptText[] = []
  for (const name of readdirSync(root)) {
    const folder = join(root, name)
    try {
      const { guest, kind, identity } = meta.parse(JSON.parse(readFileSync(join(folder, metaName), 'utf8')))
      const paths = segments(folder).map(({ path }) => path)
      const last = paths.at(-1)
      if (last) found.push({ guest, kind, identity, paths, at: (await stat(last)).mtimeMs })
    } catch {
      // Removed just now, or from another version: then there is nothing to find in it.
    }
  }
  return found.sort((a, b) => b.at - a.at)
}
