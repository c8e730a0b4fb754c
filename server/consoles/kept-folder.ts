import { readdirSync, readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

/** Whose text it is. `identity`: the engine's lasting name of the guest, which a new guest of the same name does not share. */
export type KeptOf = { guest: string; kind: 'serial' | 'shell'; identity?: string }

/** Where in a guest's log its last bytes end. */
export type LogPlace = { path: string; offset: number }

/** What a session of an earlier run of the server said. `end`: the sequence number after its last byte. */
export type Past = {
  id: string
  end: number
  bytes: Buffer
  /** The last bytes of the guest itself, without lines of ours: where to go on in its log. */
  tail: Buffer
  /** Where that is in the log, if the log is still what it was. */
  place: LogPlace | null
  /** Nothing that a viewer has seen is missing here: the server ended, in whatever way, and the machine did not. */
  whole: boolean
}

export const metaName = 'session.json'
export const placeName = 'place.json'
export const marksName = 'marks'
const tailBytes = 512

export const meta = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  guest: z.string(),
  kind: z.enum(['serial', 'shell']),
  identity: z.string().optional(),
  /** When the machine was started. */
  boot: z.string(),
  /** Present once the server ended in order and all of it is on the disk itself. */
  end: z.int().min(0).optional(),
})
const place = z.object({ path: z.string(), offset: z.int().min(0), seq: z.int().min(0) })

/**
 * Tells one run of the machine from another: bytes that were written but had not reached the disk are lost with it, and only then.
 * Systems without boot_id: the minute it was started.
 */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return String(Math.round((Date.now() / 1000 - uptime()) / 60))
  }
}

const segmentName = /^(\d{1,15})\.bytes$/

/** The segments of a folder by the sequence number of their first byte, oldest first. */
export function segments(folder: string): { start: number; path: string }[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const start = segmentName.exec(name)?.[1]
      return start === undefined ? [] : { start: Number(start), path: join(folder, name) }
    })
    .sort((a, b) => a.start - b.start)
}

/** The bytes that follow each other up to the last one; a hole drops what was before it. */
function contiguous(folder: string): { end: number; bytes: Buffer } {
  let parts: Buffer[] = []
  let end = 0
  for (const { start, path } of segments(folder)) {
    if (start !== end) parts = []
    const bytes = readFileSync(path)
    parts.push(bytes)
    end = start + bytes.length
  }
  return { end, bytes: Buffer.concat(parts) }
}

/** Ranges of sequence numbers that are lines of ours, oldest first. */
export function readMarks(folder: string): [number, number][] {
  try {
    return [...readFileSync(join(folder, marksName), 'utf8').matchAll(/^(\d{1,15}) (\d{1,15})$/gm)].map(([, from, to]) => [
      Number(from),
      Number(to),
    ])
  } catch {
    return []
  }
}

/** The guest's own last bytes. */
function guestTail(bytes: Buffer, end: number, marks: [number, number][]): Buffer {
  const start = end - bytes.length
  const parts: Buffer[] = []
  let wanted = tailBytes
  let to = end
  for (const [from, until] of [...marks.reverse(), [start, start] as const]) {
    const piece = bytes.subarray(Math.max(until - start, to - start - wanted, 0), Math.max(0, to - start))
    parts.unshift(piece)
    wanted -= piece.length
    to = Math.min(to, from)
    if (wanted <= 0) break
  }
  return Buffer.concat(parts)
}

function readPlace(folder: string, end: number, marks: [number, number][]): LogPlace | null {
  try {
    const { path, offset, seq } = place.parse(JSON.parse(readFileSync(join(folder, placeName), 'utf8')))
    const ours = marks.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, seq)), 0)
    return seq > end ? null : { path, offset: offset + end - seq - ours }
  } catch {
    return null
  }
}

/** Whose text a folder holds. */
export function readOf(folder: string): KeptOf | undefined {
  try {
    const { guest, kind, identity } = meta.parse(JSON.parse(readFileSync(join(folder, metaName), 'utf8')))
    return { guest, kind, identity }
  } catch {
    return undefined
  }
}

/** What a folder holds of an earlier run, and null when there is nothing, or it is of another guest. */
export function readPast(folder: string, of: KeptOf, keepBytes: number): Past | null {
  try {
    const known = meta.parse(JSON.parse(readFileSync(join(folder, metaName), 'utf8')))
    if (known.guest !== of.guest || known.kind !== of.kind) return null
    if (known.identity !== undefined && of.identity !== undefined && known.identity !== of.identity) return null
    const { end, bytes } = contiguous(folder)
    const marks = readMarks(folder).filter(([from]) => from < end)
    const whole = known.end === end || (known.end === undefined && known.boot === bootId())
    const tail = whole ? guestTail(bytes, end, [...marks]) : Buffer.alloc(0)
    return { id: known.id, end, bytes: bytes.subarray(-keepBytes), tail, place: whole ? readPlace(folder, end, marks) : null, whole }
  } catch {
    // There is none, or it cannot be read: a console without a past is still a console.
    return null
  }
}
