import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { castEvent, castStart, lineGroups } from './cast-reader'
import { Lines } from './lines'

/** A line of text, and when it was complete: ms from the beginning. */
export type TimedLine = { at: number; text: string }

/**
 * The text of a recording in groups of lines, each group what a piece of the file held; the event loop turns between two.
 * Why not a terminal emulator: its memory grows with the text (a line of xterm takes a kilobyte), and it forgets what
 * programs of the whole screen drew.
 */
export async function* castLines(path: string, signal?: AbortSignal): AsyncGenerator<TimedLine[]> {
  let found: TimedLine[] = []
  const lines = new Lines((await castStart(path)).cols, (at, text) => found.push({ at, text }))
  for await (const group of lineGroups(path, signal)) {
    for (const line of group.lines) {
      const event = castEvent(line)
      // Upwards: who jumps there must find the text complete.
      if (event?.code === 'o') lines.write(event.data, Math.ceil(event.at * 1000 - 1e-6))
      else if (event?.code === 'r') lines.resize(Number.parseInt(event.data, 10) || 80)
    }
    if (found.length > 0) yield found
    found = []
  }
  lines.end()
  if (found.length > 0) yield found
}

/** One line of the file of text: the time, a tab, the text. */
const write = ({ at, text }: TimedLine) => `${at}\t${text}\n`

export function readTimed(line: string): TimedLine {
  const tab = line.indexOf('\t')
  return { at: Number(line.slice(0, tab)), text: line.slice(tab + 1) }
}

/** Writes the text of a recording beside it, so that looking for words need not read the recording. Resolves with its size in bytes. */
export async function writeLines(cast: string, to: string, signal?: AbortSignal): Promise<number> {
  const part = `${to}.part`
  async function* text() {
    for await (const group of castLines(cast, signal)) yield group.map(write).join('')
  }
  try {
    await pipeline(Readable.from(text()), createWriteStream(part, { mode: 0o600 }))
    await rename(part, to)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return (await stat(to)).size
}
