/** What is looked for in the log to find where the live stream is. */
const needleBytes = 64
/** What is compared once both are silent. */
const tailBytes = 256
const keptBytes = 64 * 1024
const silentMs = 150

/** The end of a stream and how long all of it was. */
class Tail {
  bytes = Buffer.alloc(0)
  length = 0
  add(more: Uint8Array): void {
    this.length += more.length
    this.bytes = Buffer.concat([this.bytes, more]).subarray(-keptBytes)
  }
}

/**
 * One stream out of two that tell the same: the serial log, which has what was printed before anybody listened, and the live
 * terminal. The log is shown first; once the place of the live stream in it is found, the live stream goes on from there.
 * The log alone would not do: while the terminal is full, QEMU 7.2 writes a byte to its log again with every try
 * (chardev/char.c, qemu_chr_write_buffer takes "try again" for a fatal error).
 * The place is one where the live stream's last bytes stand exactly once in the log, or where both are silent and end alike.
 */
export class Stitch {
  /** The live stream has taken over; the log is wanted no more. */
  live = false
  #log = new Tail()
  #heard = new Tail()
  #needle: { bytes: Buffer; end: number } | null = null
  #skip = 0
  #silence: NodeJS.Timeout | undefined

  constructor(
    private readonly emit: (bytes: Uint8Array) => void,
    private readonly onLive: () => void,
  ) {}

  fromLog(bytes: Uint8Array): void {
    if (this.live) return
    this.#log.add(bytes)
    this.emit(bytes)
    this.#look()
  }

  fromTerminal(bytes: Uint8Array): void {
    if (!this.live) {
      this.#heard.add(bytes)
      this.#look()
      return
    }
    const rest = bytes.subarray(Math.min(this.#skip, bytes.length))
    this.#skip -= bytes.length - rest.length
    if (rest.length) this.emit(rest)
  }

  /** The last line of its program that tells of an error: it never came to show the guest. */
  error(): string | undefined {
    if (this.live) return undefined
    const lines = this.#heard.bytes.subarray(-2048).toString()
    return lines
      .match(/^error: .+$/gm)
      ?.at(-1)
      ?.slice('error: '.length)
      .trim()
  }

  /** The terminal ended before it took over; another one begins. */
  restart(): void {
    clearTimeout(this.#silence)
    this.#heard = new Tail()
    this.#needle = null
  }

  close(): void {
    clearTimeout(this.#silence)
  }

  #look(): void {
    const { bytes, length } = this.#heard
    if (length === 0) return
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#whenSilent(), silentMs)
    this.#silence.unref()
    // The log may come later than the live stream: what is looked for stays the same until it has passed.
    if (!this.#needle || length - this.#needle.end > keptBytes / 2)
      this.#needle = length < needleBytes ? null : { bytes: Buffer.from(bytes.subarray(-needleBytes)), end: length }
    if (!this.#needle) return
    const log = this.#log.bytes
    const at = log.indexOf(this.#needle.bytes)
    if (at < 0) return
    if (log.indexOf(this.#needle.bytes, at + 1) < 0) this.#takeOver(this.#needle.end, log.length - at - needleBytes)
    else this.#needle = null
  }

  #whenSilent(): void {
    const { bytes, length } = this.#heard
    const tail = bytes.subarray(-tailBytes)
    if (this.#log.bytes.subarray(-tail.length).equals(tail)) this.#takeOver(length, 0)
  }

  /** The live stream's byte `end` stands in the log `shown` bytes before its end: those are not shown again. */
  #takeOver(end: number, shown: number): void {
    clearTimeout(this.#silence)
    this.live = true
    const { bytes, length } = this.#heard
    this.#skip = shown
    this.onLive()
    const rest = bytes.subarray(bytes.length - (length - end))
    if (rest.length) this.fromTerminal(rest)
  }
}
