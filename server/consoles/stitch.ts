import { endsHere } from './log-place'

/** What is looked for in the log to find where the live stream is. */
const needleBytes = 64
/** What is compared once both are silent. */
const tailBytes = 256
const keptBytes = 128 * 1024
const silentMs = 150

/** So many bytes a terminal takes unread for sure: of less, none can stand twice in the log. */
const safeBytes = 4000
/** How much of the log, and for how long, waits for the terminal to tell whether bytes stand in it twice. */
const heldBytes = 4 * 1024 * 1024
const heldMs = 6000
/** Both silent for so long, and not alike: the terminal tells something else. */
const otherMs = 1500

/** A byte is a double when so many before it are told alike. */
const sureBytes = 16

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
 * A piece of the log without the bytes that stand in it twice, as the terminal told it, which ends where the piece ends.
 * Before the first byte that differs otherwise the terminal was not to be trusted yet, and the log is right.
 */
export function withoutDoubles(log: Buffer, told: Buffer): Buffer {
  const doubled: number[] = []
  let at = log.length - 1
  let i = told.length - 1
  for (; i >= 0 && at >= 0; i--, at--) {
    while (at > 0 && log[at] !== told[i] && log[at] === log[at + 1]) doubled.push(at--)
    if (log[at] !== told[i]) break
  }
  // Two equal bytes where the terminal left something out look the same, but what stands before them is not.
  if (i >= 0) while ((doubled.at(-1) ?? Infinity) < at + sureBytes) doubled.pop()
  const parts: Buffer[] = []
  let from = 0
  for (const index of doubled.reverse()) {
    parts.push(log.subarray(from, index))
    from = index + 1
  }
  return Buffer.concat([...parts, log.subarray(from)])
}

/**
 * One stream out of two that tell the same: the serial log, which has what was printed before anybody listened, and the live
 * terminal. The log is shown first; once the place of the live stream in it is found, the live stream goes on from there.
 * The log alone would not do: while the terminal is full, QEMU up to 8 writes a byte to its log again with every try
 * (chardev/char.c, qemu_chr_write_buffer takes "try again" for a fatal error; seen with 7.2: one byte for each time the
 * reader fell 64 KiB behind). So what comes fast is held until the terminal has told which bytes those are.
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
  /** All that the terminal told, as much as may be held of the log. */
  #all: Buffer[] = []
  #allBytes = 0
  #held: Buffer[] = []
  #heldSince = 0
  /** Bytes of the log that wait to be shown. */
  held = 0
  /** Bytes of the log since the terminal was attached or all that it had was read; undefined: it is not attached. */
  #unread: number | undefined

  constructor(
    private readonly emit: (bytes: Uint8Array) => void,
    private readonly onLive: () => void,
    private readonly settleMs = 2000,
  ) {}

  /** The terminal is being opened: from now on the guest may find it full. */
  attached(): void {
    this.#unread ??= 0
  }

  fromLog(bytes: Uint8Array): void {
    if (this.live) return
    this.#log.add(bytes)
    if (this.#unread !== undefined) this.#unread += bytes.length
    if (this.held === 0 && (this.#unread ?? 0) <= safeBytes) this.emit(bytes)
    else this.#hold(bytes)
    this.#look()
  }

  #hold(bytes: Uint8Array): void {
    if (this.held === 0) this.#heldSince = Date.now()
    this.#held.push(Buffer.from(bytes))
    this.held += bytes.length
    this.#whenBothSilent()
    // The terminal tells something else, or much too little.
    if (this.held > heldBytes || Date.now() - this.#heldSince > heldMs) this.#release(null)
  }

  /** Shows what was held; `told`: what the terminal told up to the same byte. */
  #release(told: Buffer | null): void {
    if (this.held === 0) return
    const log = Buffer.concat(this.#held)
    this.#held = []
    this.held = 0
    this.emit(told ? withoutDoubles(log, told) : log)
  }

  fromTerminal(bytes: Uint8Array): void {
    if (this.live) {
      this.emit(bytes)
      return
    }
    this.attached()
    this.#all.push(Buffer.from(bytes))
    this.#allBytes += bytes.length
    while (this.#allBytes > heldBytes) this.#allBytes -= this.#all.shift()?.length ?? this.#allBytes
    const now = Date.now()
    this.#since ??= now
    // QEMU looks once a second whether somebody listens, and until it knows it drops what does not fit: not to be trusted yet.
    if (now - this.#since < this.settleMs) {
      this.#early.add(bytes)
      if (this.held > 0) this.#whenBothSilent()
      return
    }
    this.#heard.add(bytes)
    this.#look()
  }

  /** The last line of its program that tells of an error: it never came to show the guest. */
  error(): string | undefined {
    if (this.live) return undefined
    const lines = this.#told().subarray(-2048).toString()
    return lines
      .match(/^error: .+$/gm)
      ?.at(-1)
      ?.slice('error: '.length)
      .trim()
  }

  #told(): Buffer {
    const told = Buffer.concat(this.#all)
    this.#all = [told]
    return told
  }
  #forgetTold(): void {
    this.#all = []
    this.#allBytes = 0
  }

  /** The terminal ended before it took over; another one begins. */
  restart(): void {
    clearTimeout(this.#silence)
    this.#release(null)
    this.#forgetTold()
    this.#heard = new Tail()
    this.#early = new Tail()
    this.#since = undefined
    this.#unread = undefined
    this.#needle = null
  }

  close(): void {
    clearTimeout(this.#silence)
    this.#release(null)
  }

  #whenBothSilent(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      const [logged, heard] = [this.#log.length, this.#early.length + this.#heard.length]
      // A busy server is late with its timers, and what has come meanwhile is read after them.
      setImmediate(() => {
        if (!this.live && logged === this.#log.length && heard === this.#early.length + this.#heard.length) this.#silent()
      })
    }, silentMs)
    this.#silence.unref()
  }

  #look(): void {
    const { bytes, length } = this.#heard
    if (length === 0) return
    this.#whenBothSilent()
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

  #silent(): void {
    const all = this.#told()
    const alike = (told: Buffer) => told.length > 0 && endsHere(this.#log.bytes, this.#log.bytes.length, told.subarray(-tailBytes))
    const read = alike(all)
    if (read && alike(this.#heard.bytes)) this.#takeOver(all.subarray(all.length))
    else if (read) {
      this.#release(all)
      // It was read to its end: it is empty again.
      this.#unread = 0
    } else if (Date.now() - this.#heldSince > otherMs) this.#release(null)
    else if (this.held > 0) this.#whenBothSilent()
  }

  /** From here on the terminal alone; `rest` is what it told beyond the log. */
  #takeOver(rest: Uint8Array): void {
    clearTimeout(this.#silence)
    const told = this.#told()
    this.#release(told.subarray(0, told.length - rest.length))
    this.#forgetTold()
    this.live = true
    this.onLive()
    if (rest.length) this.emit(rest)
  }
}
