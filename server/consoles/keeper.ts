import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { bootId, type KeptOf, type LogPlace, marksName, metaName, placeName, readMarks, segments } from './kept-folder'

/** Whole or not at all. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** Writes all of it: a system call may take less than it was given. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

/**
 * Writes what one session says, in segments that are dropped from the oldest on. `flush` writes before any viewer gets the
 * bytes, and waits for the system to have them (tens of microseconds): so a server that is killed has lost nothing that
 * anybody saw. They are not forced onto the disk; what a crash of the machine takes is told from this by its boot id.
 */
export class Keeper {
  #waiting: Uint8Array[] = []
  #end: number
  #segment: { fd: number; length: number } | null = null
  #ended = false

  constructor(
    private folder: string,
    private about: KeptOf & { id: string },
    end: number,
    private readonly keepBytes: number,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.#end = end
    this.#try(() => this.#begin())
  }

  #begin(end?: number): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    replaceFile(join(this.folder, metaName), JSON.stringify({ ...this.about, boot: bootId(), end }))
  }

  /** Does what writes; a disk that is full or gone ends the past of this console here, and the console goes on. */
  #try(write: () => void): void {
    if (this.#ended) return
    try {
      write()
    } catch (error) {
      this.abandon()
      // What is there now is less than viewers have seen: nobody must go on from it.
      rmSync(this.folder, { recursive: true, force: true })
      this.onFault(error)
    }
  }

  /** Nothing is written any more. */
  get ended(): boolean {
    return this.#ended
  }

  append(bytes: Uint8Array): void {
    if (!this.#ended) this.#waiting.push(bytes)
  }

  /** The next `length` bytes are a line of ours, not the guest's. Called before they are appended. */
  mark(length: number): void {
    this.flush()
    this.#try(() => appendFileSync(join(this.folder, marksName), `${this.#end} ${this.#end + length}\n`, { mode: 0o600 }))
  }

  /** Where in the guest's log the last of its appended bytes ends. */
  place({ path, offset }: LogPlace): void {
    this.flush()
    this.#try(() => replaceFile(join(this.folder, placeName), JSON.stringify({ path, offset, seq: this.#end })))
  }

  flush(): void {
    if (this.#waiting.length === 0) return
    const bytes = this.#waiting.length === 1 ? this.#waiting[0] : Buffer.concat(this.#waiting)
    this.#waiting = []
    if (bytes) this.#try(() => this.#write(bytes))
  }

  #write(bytes: Uint8Array): void {
    const most = this.keepBytes / 4
    if (this.#segment && this.#segment.length >= most) {
      closeSync(this.#segment.fd)
      this.#segment = null
      const oldest = this.#end - this.keepBytes
      for (const { start, path } of segments(this.folder)) if (start + 2 * most <= oldest) rmSync(path, { force: true })
      const marks = readMarks(this.folder).filter(([, to]) => to > oldest)
      if (marks.length > 0) replaceFile(join(this.folder, marksName), marks.map((range) => `${range.join(' ')}\n`).join(''))
    }
    this.#segment ??= { fd: openSync(join(this.folder, `${this.#end}.bytes`), 'w', 0o600), length: 0 }
    writeAll(this.#segment.fd, bytes)
    this.#segment.length += bytes.length
    this.#end += bytes.length
  }

  /** The guest has another name now; its text goes with it. */
  move(folder: string, of: KeptOf): void {
    this.flush()
    this.#try(() => {
      rmSync(folder, { recursive: true, force: true })
      renameSync(this.folder, folder)
      this.folder = folder
      this.about = { ...of, id: this.about.id }
      this.#begin()
    })
  }

  /** Writes the rest, and waits until the disk has it. */
  close(): void {
    this.flush()
    this.#try(() => {
      if (this.#segment) fsyncSync(this.#segment.fd)
      this.#begin(this.#end)
    })
    this.abandon()
  }

  /** Writes nothing any more: another session has the folder, or the disk failed. */
  abandon(): void {
    this.#ended = true
    this.#waiting = []
    if (this.#segment) closeSync(this.#segment.fd)
    this.#segment = null
  }

  /** Removes all of it: the guest is gone. */
  forget(): void {
    if (this.#ended) return
    this.abandon()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
