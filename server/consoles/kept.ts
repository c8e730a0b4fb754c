import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Whose text it is. `identity`: the engine's lasting name of the guest, which a new guest of the same name does not share. */
export type KeptOf = { guest: string; kind: 'serial' | 'shell'; identity?: string }

/** What a session of an earlier run of the server said. `end`: the sequence number after its last byte. */
export type Past = {
  id: string
  end: number
  bytes: Buffer
  /** The last bytes of the guest itself, without lines of ours: where to go on in its log. */
  tail: Buffer
  /** The server ended in order: then nothing that a viewer has seen is missing here. */
  clean: boolean
}

const meta = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  guest: z.string(),
  kind: z.enum(['serial', 'shell']),
  identity: z.string().optional(),
  /** Present once the server ended in order. */
  clean: z.object({ end: z.int().min(0), tail: z.base64() }).optional(),
})

const segmentName = /^(\d{1,15})\.bytes$/
const metaName = 'session.json'
/** Between two writes while bytes come, ms: what a crash may lose. */
const saveMs = 250
/** Older ones are removed first when there are more. */
const mostKept = 500

/** The segments of a folder by the sequence number of their first byte, oldest first. */
function segments(folder: string): { start: number; path: string }[] {
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

/** Writes what one session says behind it, in segments that are dropped from the oldest on. */
export class Keeper {
  #waiting: Uint8Array[] = []
  #end: number
  #segment: { file: FileHandle; start: number; length: number } | null = null
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #ended = false
  #abandoned = false

  constructor(
    private readonly folder: string,
    private readonly about: KeptOf & { id: string },
    end: number,
    private readonly keepBytes: number,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.#end = end
    this.#begin()
  }

  #begin(clean?: { end: number; tail: string }): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const text = JSON.stringify({ ...this.about, clean })
    writeFileSync(join(this.folder, `${metaName}.new`), text, { mode: 0o600 })
    renameSync(join(this.folder, `${metaName}.new`), join(this.folder, metaName))
  }

  append(bytes: Uint8Array): void {
    if (this.#ended) return
    this.#waiting.push(bytes)
    this.#timer ??= setTimeout(() => this.#save(), saveMs).unref()
  }

  #save(): void {
    this.#timer = undefined
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error: unknown) => {
        // The disk is full or gone: the console goes on, and its past ends here.
        this.#ended = true
        this.#waiting = []
        this.onFault(error)
      })
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting)
    this.#waiting = []
    if (bytes.length === 0 || this.#abandoned) return
    const most = this.keepBytes / 4
    if (this.#segment && this.#segment.length >= most) {
      await this.#segment.file.close()
      this.#segment = null
    }
    this.#segment ??= { file: await open(join(this.folder, `${this.#end}.bytes`), 'w', 0o600), start: this.#end, length: 0 }
    await this.#segment.file.appendFile(bytes)
    this.#segment.length += bytes.length
    this.#end += bytes.length
    for (const { start, path } of segments(this.folder).slice(0, -1))
      if (start + 2 * most <= this.#end - this.keepBytes) rmSync(path, { force: true })
  }

  /** Writes the rest. `tail`: the guest's own last bytes. */
  async close(tail: Uint8Array): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#ended) return
    this.#save()
    await this.#writing
    const failed = this.#ended
    this.#ended = true
    await this.#segment?.file.close()
    if (!failed && !this.#abandoned) this.#begin({ end: this.#end, tail: Buffer.from(tail).toString('base64') })
  }

  /** Another session takes the folder: nothing is written there any more. */
  abandon(): void {
    clearTimeout(this.#timer)
    this.#ended = true
    this.#abandoned = true
  }

  /** Removes all of it: the guest is gone. */
  async forget(): Promise<void> {
    if (this.#abandoned) return
    this.abandon()
    rmSync(this.folder, { recursive: true, force: true })
    await this.#writing
    await this.#segment?.file.close()
  }
}

export type KeptSessions = {
  /** What the session of this guest said in an earlier run, and null when there is none or it was another guest of that name. */
  past(of: KeptOf): Past | null
  keeper(of: KeptOf, id: string, end: number): Keeper
}

/** Text of console sessions on disk, so that it outlives the server. One folder per guest and kind, readable for the server's user only. */
export function createKeptSessions(root: string, keepBytes: number, onFault: (error: unknown) => void): KeptSessions {
  const folderOf = ({ guest, kind }: KeptOf) => join(root, createHash('sha256').update(`${kind}:${guest}`).digest('hex').slice(0, 32))

  function prune(): void {
    if (!existsSync(root)) return
    const all = readdirSync(root).map((name) => ({ path: join(root, name), at: statSync(join(root, name)).mtimeMs }))
    for (const { path } of all.sort((a, b) => b.at - a.at).slice(mostKept)) rmSync(path, { recursive: true, force: true })
  }
  prune()
  const open = new Map<string, Keeper>()

  return {
    past(of) {
      const folder = folderOf(of)
      try {
        const known = meta.parse(JSON.parse(readFileSync(join(folder, metaName), 'utf8')))
        if (known.guest !== of.guest || known.kind !== of.kind) return null
        if (known.identity !== undefined && of.identity !== undefined && known.identity !== of.identity) return null
        const { end, bytes } = contiguous(folder)
        const clean = known.clean?.end === end
        const tail = known.clean && clean ? Buffer.from(known.clean.tail, 'base64') : Buffer.alloc(0)
        return { id: known.id, end, bytes: bytes.subarray(-keepBytes), tail, clean }
      } catch {
        // There is none, or it cannot be read: a console without a past is still a console.
        return null
      }
    },
    keeper(of, id, end) {
      const folder = folderOf(of)
      if (end === 0) rmSync(folder, { recursive: true, force: true })
      open.get(folder)?.abandon()
      const keeper = new Keeper(folder, { ...of, id }, end, keepBytes, onFault)
      open.set(folder, keeper)
      return keeper
    },
  }
}
