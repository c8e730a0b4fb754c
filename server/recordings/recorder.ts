import type { SessionOf } from '../consoles/of'
import type { Tap } from '../consoles/tap'
import type { RecordingState } from '../model/console'
import type { RecordRule } from '../model/recording'
import type { CastWriter } from './cast-writer'
import { EchoMatcher } from './echo'

/** A recording that goes on. */
export type Open = { id: string; writer: Pick<CastWriter, 'event' | 'size'> }

export type RecorderPort = {
  /** Where it is found from now on. */
  onMoved(of: SessionOf): void
  rule(): RecordRule
  /** Begins a file and its row. `onFault` is called when it can go on no longer, with words. */
  begin(about: { size: Size; user: string | null; input: boolean }, onFault: (words: string) => void): Open
  /** The file is whole; its row can be, too. */
  end(open: Open, about: { people: readonly string[]; input: boolean }): Promise<void>
  /** Somebody typed who had not before. */
  onPeople(open: Open, people: readonly string[]): void
  onState(state: RecordingState): void
  onClose(): void
  /** What is on the screen now, as far as its last lines tell. */
  screen?(): Uint8Array
  /** A file that reaches so many bytes is ended and another begun: what goes on is never removed. */
  partBytes: number
}
/** After a file could not be written, ms. */
const retryMs = 60_000

export type Size = { cols: number; rows: number }

/** Records one session: as the rule of its guest says, or when somebody asks. */
export class Recorder implements Tap {
  #open: Open | null = null
  /** Who asked; `undefined`: nobody did. */
  #askedBy: string | undefined
  #fault: { words: string; at: number } | undefined
  /** What the screen showed when somebody asked: the file begins with it. */
  #shown: Uint8Array | undefined
  #decoder = newDecoder()
  #echo = new EchoMatcher()
  /** Whether input goes into the open file now, and whether it ever did. */
  #input = { now: false, ever: false }
  #people = new Set<string>()
  #ending: Promise<void> = Promise.resolve()
  #closed = false
  #told = ''

  constructor(
    private readonly port: RecorderPort,
    private size: Size,
  ) {}

  get recording(): Open | null {
    return this.#open
  }

  get state(): RecordingState {
    const { mode, input } = this.port.rule()
    const on = !this.#closed && !this.#fault && (mode === 'always' || (mode === 'demand' && this.#askedBy !== undefined))
    const by = mode === 'demand' ? this.#askedBy : undefined
    return { on, input: on && input, mode, ...(by !== undefined && on ? { by } : {}), ...(this.#fault ? { fault: this.#fault.words } : {}) }
  }

  /** Somebody begins or ends it. */
  ask(user: string | undefined): void {
    this.#askedBy = user
    this.#fault = undefined
    // Only where a person asks: what was printed before a setting allowed it stays out.
    this.#shown = user === undefined || this.#open ? undefined : this.port.screen?.()
    this.ruleChanged()
  }

  /** What the rule says holds from now on. */
  ruleChanged(): void {
    if (this.port.rule().mode !== 'demand') this.#askedBy = undefined
    if (!this.state.on) this.#end()
    else if (this.#open && this.state.input !== this.#input.now) this.#switchInput(this.#open, this.state.input)
    this.#tell()
  }

  #switchInput(open: Open, on: boolean): void {
    // What was typed before somebody said that it is recorded stays out.
    this.#echo = new EchoMatcher()
    this.#input = { now: on, ever: this.#input.ever || on }
    open.writer.event('m', on ? 'What is typed is recorded from here' : 'What is typed is not recorded from here')
  }

  #tell(): void {
    const told = JSON.stringify(this.state)
    if (told === this.#told) return
    this.#told = told
    this.port.onState(this.state)
  }

  /** The file, begun with the first byte there is to record. */
  #file(): Open | null {
    // What is always recorded is tried again: the disk may have room by now.
    if (this.#fault && this.port.rule().mode === 'always' && performance.now() - this.#fault.at > retryMs) this.ask(undefined)
    const { on, input } = this.state
    if (!on) return null
    if (this.#open && this.#open.writer.size >= this.port.partBytes) this.#end()
    if (!this.#open) {
      this.#decoder = newDecoder()
      this.#people.clear()
      this.#input = { now: input, ever: input }
      const opened: Open = this.port.begin({ size: this.size, user: this.#askedBy ?? null, input }, (words) => {
        if (this.#open !== opened) return
        this.#fault = { words, at: performance.now() }
        this.#end()
        this.#tell()
      })
      this.#open = opened
      const shown = this.#shown && this.#decoder.decode(this.#shown, { stream: true })
      this.#shown = undefined
      if (shown) opened.writer.event('o', shown)
    }
    return this.#open
  }

  output(bytes: Uint8Array): void {
    const open = this.#file()
    if (!open) return
    const text = this.#decoder.decode(bytes, { stream: true })
    if (text === '') return
    open.writer.event('o', text)
    if (!this.#input.now) return
    for (const line of this.#echo.output(text, performance.now())) open.writer.event('i', line)
  }

  input(bytes: Uint8Array, by: string): void {
    const open = this.#file()
    if (!open) return
    if (!this.#people.has(by)) {
      this.#people.add(by)
      this.port.onPeople(open, [...this.#people])
    }
    if (!this.#input.now) return
    for (const line of this.#echo.typed(bytes, performance.now())) open.writer.event('i', line)
  }

  resize(cols: number, rows: number): void {
    this.size = { cols, rows }
    this.#open?.writer.event('r', `${cols}x${rows}`)
  }

  moved(of: SessionOf): void {
    // What was recorded until now was recorded of the guest by its old name.
    this.#end()
    this.port.onMoved(of)
    this.ruleChanged()
  }

  #end(): void {
    const open = this.#open
    if (!open) return
    this.#open = null
    const rest = this.#decoder.decode()
    if (rest) open.writer.event('o', rest)
    if (this.#input.now) for (const line of this.#echo.end()) open.writer.event('i', line)
    this.#echo = new EchoMatcher()
    const about = { people: [...this.#people], input: this.#input.ever }
    this.#ending = this.#ending.then(() => this.port.end(open, about))
  }

  async close(): Promise<void> {
    this.#end()
    this.#closed = true
    this.port.onClose()
    await this.#ending
  }
}

/** What is no UTF-8 becomes U+FFFD; a character that is cut between two reads stays one. */
const newDecoder = () => new TextDecoder('utf-8', { ignoreBOM: true })
