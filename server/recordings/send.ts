import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { AppError } from '../errors'
import type { TimedLine } from './cast-lines'

export type Sending = {
  format: 'cast' | 'txt'
  /** Of the file, without its ending. */
  name: string
  path: string
  lines(signal: AbortSignal): AsyncIterable<TimedLine[]>
  /** For the player and not for the disk. */
  inline: boolean
  gzip: boolean
}

const types = { cast: 'application/x-asciicast; charset=utf-8', txt: 'text/plain; charset=utf-8' }

/** Sends a recording as it is, or its text. What the player gets is compressed: casts shrink to a tenth. */
export async function sendRecording(res: ServerResponse, { format, name, path, lines, inline, gzip }: Sending): Promise<void> {
  const { size } = await stat(path).catch(() => {
    throw new AppError('not-found', 'The file of this recording is gone')
  })
  res.setHeader('Content-Type', types[format])
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('Content-Disposition', `${inline ? 'inline' : 'attachment'}; filename="${name}.${format}"`)
  res.setHeader('X-Recording-Bytes', size)
  const stop = new AbortController()
  res.once('close', () => stop.abort())
  // As it is now: one that goes on grows while it is sent.
  const source = format === 'cast' ? createReadStream(path, { end: Math.max(0, size - 1) }) : Readable.from(text(lines(stop.signal)))
  try {
    if (gzip) {
      res.setHeader('Content-Encoding', 'gzip')
      await pipeline(source, createGzip({ level: 1 }), res)
    } else {
      if (format === 'cast') res.setHeader('Content-Length', size)
      await pipeline(source, res)
    }
  } catch (error) {
    // The client went away.
    if (!stop.signal.aborted) throw error
  }
}

async function* text(groups: AsyncIterable<TimedLine[]>): AsyncGenerator<string> {
  for await (const group of groups) yield group.map((line) => `${line.text}\n`).join('')
}
