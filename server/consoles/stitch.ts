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
  #early = new Tail()
  #since: number | undefined
  #silence: NodeJS.Timeout | undefined

  constructor(
    private readonly emit: (bytes: Uint8Array) => void,
    private readonly onLive: () => void,
    private readonly settleMs = 2000,
  ) {}

  fromLog(bytes: Uint8Array): void {
    if (this.live) return
    this.#log.add(bytes)
    this.emit(bytes)
    this.#look()
  }

  fromTerminal(bytes: Uint8Array): void {
    if (this.live) {
      this.emit(bytes)
      return
    }
    const now = Date.now()
    this.#since ??= now
    // QEMU looks once a second whether somebody listens, and until it knows it drops what does not fit: not to be trusted yet.
    if (now - this.#since < this.settleMs) {
      this.#early.add(bytes)
      return
    }
    this.#heard.add(bytes)
    this.#look()
  }

  /** The last line of its program that tells of an error: it never came to show the guest. */
  error(): string | undefined {
    if (this.live) return undefined
    const lines = Buffer.concat([this.#early.bytes, this.#heard.bytes]).subarray(-2048).toString()
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
    this.#early = new Tail()
    this.#since = undefined
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
    if (log.indexOf(this.#needle.bytes, at + 1) >= 0) {
      this.#needle = null
      return
    }
    // What the log showed since must be what the terminal told since, all of it: else a byte was doubled or dropped.
    const shown = log.subarray(at + needleBytes)
    const told = bytes.subarray(bytes.length - (length - this.#needle.end))
    const both = Math.min(shown.length, told.length)
    if (!shown.subarray(0, both).equals(told.subarray(0, both))) this.#needle = null
    else if (told.length >= shown.length) this.#takeOver(told.subarray(shown.length))
  }

  #whenSilent(): void {
    const tail = this.#heard.bytes.subarray(-tailBytes)
    if (this.#log.bytes.subarray(-tail.length).equals(tail)) this.#takeOver(tail.subarray(tail.length))
  }

  /** From here on the terminal alone; `rest` is what it told beyond the log. */
  #takeOver(rest: Uint8Array): void {
    clearTimeout(this.#silence)
    this.live = true
    this.onLive()
    if (rest.length) this.emit(rest)
  }
}
