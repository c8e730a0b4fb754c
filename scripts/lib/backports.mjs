import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, capture } from './run.mjs'

export const backportsFile = '/etc/apt/sources.list.d/bailiwick-backports.sources'

/** The `deb` entries of a deb822 `.sources` file, disabled ones left out. */
export function parseDeb822(text) {
  const entries = []
  for (const paragraph of text.split(/\n\s*\n/)) {
    const fields = {}
    for (const line of paragraph.split('\n')) {
      const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line)
      if (match) fields[match[1].toLowerCase()] = match[2].trim()
    }
    if (!fields.uris || !fields.suites || /^(no|false|0)$/i.test(fields.enabled ?? '')) continue
    if (!(fields.types ?? 'deb').split(/\s+/).includes('deb')) continue
    entries.push({ uris: fields.uris.split(/\s+/), suites: fields.suites.split(/\s+/), signedBy: fields['signed-by'] || null })
  }
  return entries
}

/** The `deb` lines of a one-line-style `.list` file. */
export function parseList(text) {
  const entries = []
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/.exec(line)
    if (!match) continue
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(match[1] ?? '')
    entries.push({ uris: [match[2]], suites: [match[3]], signedBy: signedBy?.[1] ?? null })
  }
  return entries
}

/** Every package source that apt reads below `etc`. */
export function readSources(etc = '/etc/apt') {
  const parts = join(etc, 'sources.list.d')
  const files = [join(etc, 'sources.list'), ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [])]
  return files.flatMap((path) => {
    if (!existsSync(path)) return []
    if (path.endsWith('.sources')) return parseDeb822(readFileSync(path, 'utf8'))
    return path.endsWith('.list') ? parseList(readFileSync(path, 'utf8')) : []
  })
}

/**
 * What a source for `<codename>-backports` would hold: the mirror and key of the source that has `codename` itself.
 * `{ there: true }` when some source has the suite already; null when no source names the release.
 */
export function planBackports(codename, sources = readSources()) {
  const suite = `${codename}-backports`
  if (sources.some(({ suites }) => suites.includes(suite))) return { there: true, suite }
  const main = sources.find(({ suites }) => suites.includes(codename))
  if (!main) return null
  const lines = ['# Incus for Bailiwick.', 'Types: deb', `URIs: ${main.uris[0]}`, `Suites: ${suite}`, 'Components: main']
  if (main.signedBy) lines.push(`Signed-By: ${main.signedBy}`)
  return { there: false, suite, uri: main.uris[0], text: `${lines.join('\n')}\n` }
}

/** Writes the source file. The suite's priority is low by itself: nothing else is upgraded from it. */
export async function addBackports(become, plan) {
  const { code, stderr } = await capture([...become, 'tee', backportsFile], { input: plan.text })
  if (code !== 0) throw new CommandError(['tee', backportsFile], code, [stderr])
}
