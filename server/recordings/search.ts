import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { RecordingInfo, TextHit, TextHits } from '../model/recording'
import { castLines, readTimed, type TimedLine } from './cast-lines'
import { lineGroups } from './cast-reader'
import { LineFinder, matcher } from './find'
import { Lines } from './lines'

/** Text of an open console: whose, and the files of its bytes, oldest first. */
export type Scrollback = { guest: string; kind: 'serial' | 'shell'; paths: string[]; at: number }

export type SearchLimits = { hits: number; hitsOfOne: number; bytes: number; ms: number }
export const searchLimits: SearchLimits = { hits: 200, hitsOfOne: 20, bytes: 4 * 1024 ** 3, ms: 15_000 }

type Tally = { hits: TextHit[]; bytes: number; cut?: string; until: number; limits: SearchLimits; signal?: AbortSignal }

/** Whether it must stop, and then why in words. */
function full(tally: Tally): boolean {
  const { hits, bytes, limits, until, signal } = tally
  signal?.throwIfAborted()
  if (hits.length >= limits.hits) tally.cut = `These are the first ${limits.hits}. Look for more words to find fewer.`
  else if (bytes >= limits.bytes || performance.now() >= until)
    tally.cut = 'There is more text than could be looked through. Older recordings were left out.'
  return tally.cut !== undefined
}

async function* timedLines({ cast, lines }: { cast: string; lines: string }, tally: Tally): AsyncGenerator<TimedLine[]> {
  if (existsSync(lines))
    for await (const group of lineGroups(lines, tally.signal)) {
      tally.bytes += group.bytes
      yield group.lines.map(readTimed)
    }
  else
    for await (const group of castLines(cast, tally.signal)) {
      for (const { text } of group) tally.bytes += text.length + 1
      yield group
    }
}

/** Looks through one recording. */
async function inRecording(info: RecordingInfo, files: { cast: string; lines: string }, wanted: RegExp, tally: Tally): Promise<void> {
  const finder = new LineFinder<number>(wanted)
  for await (const group of timedLines(files, tally)) {
    for (const { at, text } of group) finder.push(text, at)
    if (finder.whole >= tally.limits.hitsOfOne || full(tally)) break
  }
  for (const { mark, ...found } of finder.found.slice(0, tally.limits.hitsOfOne))
    tally.hits.push({ guest: info.guest, kind: info.kind, ...found, recording: info.id, at: info.startedAt, seconds: mark / 1000 })
}

/** Looks through the text of an open console: at most a ring of it. */
async function inScrollback({ guest, kind, paths, at }: Scrollback, wanted: RegExp, tally: Tally): Promise<void> {
  const finder = new LineFinder<null>(wanted)
  // How wide it was is not kept; lines are long rather than broken at a wrong place.
  const lines = new Lines(1000, (_, text) => finder.push(text, null))
  const decoder = new TextDecoder('utf-8')
  for (const path of paths) {
    const bytes = await readFile(path, { signal: tally.signal }).catch(() => Buffer.alloc(0))
    tally.bytes += bytes.length
    for (let from = 0; from < bytes.length; from += 256 * 1024) {
      lines.write(decoder.decode(bytes.subarray(from, from + 256 * 1024), { stream: true }), 0)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  lines.end()
  // The newest are the ones that are looked for.
  const found = finder.found.slice(-tally.limits.hitsOfOne).reverse()
  for (const { mark: _, ...hit } of found) tally.hits.push({ guest, kind, ...hit, recording: null, at })
}

/**
 * Looks for text, without regard to case: first in open consoles, then in recordings, newest first. It stops at its limits and says
 * so. Rejects with the signal's reason when nobody wants to know any more.
 */
export async function searchText(options: {
  text: string
  scrollback: readonly Scrollback[]
  recordings: readonly RecordingInfo[]
  files(id: string): { cast: string; lines: string }
  signal?: AbortSignal
  limits?: SearchLimits
}): Promise<TextHits> {
  const { text, scrollback, recordings, files, signal, limits = searchLimits } = options
  const wanted = matcher(text)
  const tally: Tally = { hits: [], bytes: 0, until: performance.now() + limits.ms, limits, signal }
  for (const each of scrollback) {
    if (full(tally)) break
    await inScrollback(each, wanted, tally)
  }
  for (const each of recordings) {
    if (full(tally)) break
    // Removed meanwhile, or its disk is gone: the others still count.
    await inRecording(each, files(each.id), wanted, tally).catch((error: unknown) => {
      signal?.throwIfAborted()
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
      throw error
    })
  }
  return { hits: tally.hits.slice(0, limits.hits), cut: tally.cut, bytes: tally.bytes }
}
