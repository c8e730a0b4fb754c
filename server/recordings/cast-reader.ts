import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { z } from 'zod'

const header = z.object({ version: z.literal(2), width: z.int().min(1), height: z.int().min(1) })
const event = z.tuple([z.number(), z.string(), z.string()])

export type CastEvent = { at: number; code: string; data: string }
export type CastStart = { cols: number; rows: number }

/** Read at once: small enough that other work of the server goes on between two. */
const pieceBytes = 256 * 1024
const newline = 10

/** The lines of a file in pieces of its size, and how many bytes they are. A last line without an end is left out, as it may be half of one. */
export async function* lineGroups(path: string, signal?: AbortSignal): AsyncGenerator<{ lines: string[]; bytes: number }> {
  let rest: Buffer[] = []
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes, signal })) {
    const bytes: Buffer = piece
    const end = bytes.lastIndexOf(newline)
    if (end < 0) {
      rest.push(bytes)
      continue
    }
    const whole = Buffer.concat([...rest, bytes.subarray(0, end)])
    rest = [bytes.subarray(end + 1)]
    yield { lines: whole.toString('utf8').split('\n'), bytes: whole.length + 1 }
  }
}

/** The size a cast begins with. Rejects when it is none. */
export async function castStart(path: string): Promise<CastStart> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    const text = buffer.subarray(0, bytesRead).toString('utf8')
    const { width, height } = header.parse(JSON.parse(text.slice(0, text.indexOf('\n'))))
    return { cols: width, rows: height }
  } finally {
    await file.close()
  }
}

/** The event of a line, or null where there is none. */
export function castEvent(line: string): CastEvent | null {
  if (!line.startsWith('[')) return null
  try {
    const parsed = event.safeParse(JSON.parse(line))
    return parsed.success ? { at: parsed.data[0], code: parsed.data[1], data: parsed.data[2] } : null
  } catch {
    return null
  }
}

/** The time of the last whole event of a file whose writer was killed, in seconds, after what is half of one was cut off. */
export async function mendCast(path: string): Promise<{ seconds: number; sizeBytes: number }> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    // An event holds at most one read of a terminal, and in JSON each of its bytes may be six.
    const tail = Math.min(size, 2 * 1024 * 1024)
    const { buffer } = await file.read(Buffer.alloc(tail), 0, tail, size - tail)
    const end = buffer.lastIndexOf(newline) + 1
    const whole = size - tail + end
    if (whole < size) await file.truncate(whole)
    const last = buffer.subarray(0, end).toString('utf8').trimEnd().split('\n').at(-1) ?? ''
    return { seconds: castEvent(last)?.at ?? 0, sizeBytes: whole }
  } finally {
    await file.close()
  }
}
