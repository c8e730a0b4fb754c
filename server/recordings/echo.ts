import { AnsiParser, type AnsiSink } from './ansi'

/** One line that is typed: from the last Enter to the next, or to a key that ends a line as well. */
type Unit = {
  text: string
  /** Printed characters that were typed and did not come back yet, in order. */
  waiting: string[]
  /** Those that did. */
  seen: string[]
  /** So far back in `seen` the guest moved its cursor, to draw them again. */
  back: number
  /** Something in it did not come back: none of it is kept. */
  hidden: boolean
  ended: boolean
  /** When the oldest of `waiting` was typed, ms. */
  since: number
}

/** What is recorded for a line that the guest did not show. It does not tell how long it was. */
export const notShown = '•'

/** An echo that takes longer is none, ms. */
const patience = 2000
const longest = 4096
/** Lines typed ahead. */
const mostUnits = 64

const esc = String.fromCharCode(27)
const bell = String.fromCharCode(7)
/** A key's sequence, whole: CSI and SS3 keys, Alt with a character. Strings for a terminal (OSC, DCS) are no keys. */
const key = new RegExp(`^${esc}(?:\\[[0-?]*[ -/]*[@-~]|O[ -~]|[^\\p{Cc}[\\]P^_X])`, 'u')
/** A string for a terminal begins. */
const string = new RegExp(`^${esc}[\\]P^_X][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?`)
/** Answers that a terminal gives by itself, besides strings: nobody typed them. */
const answer = new RegExp(`^${esc}\\[(?:[?>]?[\\d;]*[cRn]|\\?[\\d;]*\\$y|[IO])`)
/** Enter, Ctrl-C, Ctrl-D, Ctrl-Z, Ctrl-\ end what was being typed: their codes. */
const enders = new Set([13, 10, 3, 4, 26, 28])

/**
 * Decides what of the typed is recorded: a line whose every character came back at once, in order and with nothing else before
 * it, as a terminal with its echo on sends it. The host cannot see whether the echo is on, so that is all that can be known. One
 * character that does not come back hides its whole line: better a command too few than a password.
 */
export class EchoMatcher {
  #parser = new AnsiParser()
  readonly #sink: AnsiSink
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #units: Unit[] = []
  #found: string[] = []
  #spaces = 0
  /** The last line came back whole: the line break that follows is its own. */
  #breakDue = false
  #now = 0

  constructor() {
    this.#sink = {
      print: (text) => {
        for (const char of text) this.#shown(char)
      },
      control: (code) => this.#control(code),
      csi: (params, final) => this.#csi(params, final),
      esc: () => {},
    }
  }

  /** Typed bytes, in pieces as they came. Returns lines to record now. */
  typed(bytes: Uint8Array, now: number): string[] {
    this.#now = now
    this.#expire()
    const text = this.#decoder.decode(bytes, { stream: true })
    for (let at = 0; at < text.length; ) at += this.#take(text, at)
    return this.#settle()
  }

  /** What the guest printed. Returns lines to record now. */
  output(text: string, now: number): string[] {
    if (this.#units.length === 0) return []
    this.#now = now
    this.#expire()
    this.#parser.feed(text, this.#sink)
    return this.#settle()
  }

  /** Nothing more comes. */
  end(): string[] {
    for (const unit of this.#units) {
      if (unit.waiting.length > 0) hide(unit)
      unit.ended = true
    }
    return this.#settle()
  }

  #open(): Unit {
    const last = this.#units.at(-1)
    if (last && !last.ended) return last
    // What was printed while nothing was awaited was not read: it may have ended inside a sequence.
    if (this.#units.length === 0) this.#parser = new AnsiParser()
    const unit: Unit = { text: '', waiting: [], seen: [], back: 0, hidden: false, ended: false, since: 0 }
    if (this.#units.length >= mostUnits) this.#units.shift()
    this.#units.push(unit)
    return unit
  }

  /** Takes one key of the text and returns its length. */
  #take(text: string, at: number): number {
    const first = text.charAt(at)
    const rest = first === esc ? text.slice(at) : ''
    const unasked = (answer.exec(rest) ?? string.exec(rest))?.[0]
    if (unasked) return unasked.length
    const sequence = key.exec(rest)?.[0]
    const char = sequence ?? String.fromCodePoint(text.codePointAt(at) ?? 0)
    const unit = this.#open()
    if (!unit.hidden) unit.text += char
    if (enders.has(char.charCodeAt(0))) unit.ended = true
    else if (!sequence && !/\p{Cc}/u.test(char)) this.#await(unit, char)
    if (unit.text.length > longest) {
      if (unit.waiting.length > 0) hide(unit)
      unit.ended = true
    }
    return char.length
  }

  #await(unit: Unit, char: string): void {
    if (unit.hidden) return
    if (unit.waiting.length === 0) unit.since = this.#now
    unit.waiting.push(char)
  }

  /** The unit whose echo is due. */
  #due(): Unit | undefined {
    return this.#units.find((unit) => unit.waiting.length > 0)
  }

  #shown(char: string): void {
    const unit = this.#due()
    if (!unit) return
    if (unit.back > 0 && (unit.seen[unit.seen.length - unit.back] === char || char === ' ')) {
      unit.back--
      return
    }
    if (unit.waiting[0] === char) {
      this.#spaces = 0
      unit.back = 0
      unit.waiting.shift()
      unit.seen.push(char)
      unit.since = this.#now
      this.#breakDue = unit.ended && unit.waiting.length === 0
      return
    }
    // At the edge of the screen editors of lines print a space and go back, to get to the next row.
    if (char === ' ' && this.#spaces === 0) this.#spaces = 1
    else hide(unit)
  }

  #control(code: number): void {
    const unit = this.#due()
    if (!unit) return
    if (code === 0x0d) this.#spaces = 0
    else if (this.#spaces > 0) hide(unit)
    if (code === 0x08) unit.back = Math.min(unit.seen.length, unit.back + 1)
    if (code !== 0x0a || !unit.ended) return
    // The line ends, and what was typed in it did not show.
    if (!this.#breakDue) hide(unit)
    this.#breakDue = false
  }

  #csi(params: string, final: string): void {
    if (final !== 'h' && final !== 'l') return
    // A shell asks for a new line (bracketed paste goes on with its prompt), or a program of the whole screen begins or ends: what did not show before will not any more.
    if (!(final === 'h' && params === '?2004') && !/^\?(47|1047|1049)$/.test(params)) return
    for (const unit of this.#units) {
      if (unit.waiting.length > 0) hide(unit)
      if (unit.hidden) unit.ended = true
    }
  }

  #expire(): void {
    for (const unit of this.#units) if (unit.waiting.length > 0 && this.#now - unit.since > patience) hide(unit)
  }

  /** Takes out the lines that are decided, in the order they were typed. */
  #settle(): string[] {
    for (let unit = this.#units[0]; unit?.ended && unit.waiting.length === 0; unit = this.#units[0]) {
      this.#units.shift()
      this.#found.push(unit.hidden ? notShown : unit.text)
    }
    const found = this.#found
    this.#found = []
    return found
  }
}

/** Forgets what was typed. */
function hide(unit: Unit): void {
  unit.hidden = true
  unit.text = ''
  unit.waiting = []
  unit.seen = []
  unit.back = 0
}
