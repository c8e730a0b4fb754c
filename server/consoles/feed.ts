import type { ConsoleTarget } from '../model/console'
import { Early } from '../model/early'
import type { FeedPort, FeedState } from './feed-port'
import { readHistory } from './history'
import type { LogPlace } from './kept-folder'
import { LogFeed, type LogPort } from './log-feed'
import { type Standing, up } from './of'
import { Said } from './said'
import { openSource, type Source } from './source'
import { changed, ended, failedToOpen, gap, notRunning, rebooted, restarted, shellEnded } from './words'

type LogAt = NonNullable<(ConsoleTarget & { kind: 'pty' })['log']>

/** A port that is opened again so soon after a reboot is so because of it. */
const rebootMs = 20_000
/** QEMU without KVM tells of one reset up to five times within 0.2 s (seen with 7.2). */
const sameRebootMs = 2000

/**
 * The source of a session over the life of its guest: opened, ended, opened again when the guest runs again.
 * Bytes of a source that was replaced are dropped: each opening has its own number.
 */
export class Feed {
  state: FeedState = { state: 'waiting', text: '' }
  #source: Source | null = null
  #opening = 0
  #began = false
  #closed = new AbortController()
  #retry: NodeJS.Timeout | undefined
  #tries = 0
  #historyRead = false
  #held = false
  #log: LogFeed | null = null
  #logAt: LogAt | null = null
  #quiet: NodeJS.Timeout | undefined

  readonly #said: Said
  /** Why what comes next is still to be joined to what was said: an earlier run of the server kept it, or its host was lost. */
  #resuming: 'server' | 'host' | null

  /** How the guest was when it was last heard of. */
  #was: Standing['state'] | undefined
  /** Of a guest that has stopped, while its last bytes are still to come. */
  #last: Uint8Array | null = null
  /** Its new life was told. */
  #told = false
  #rebootedAt = 0

  constructor(private readonly port: FeedPort) {
    this.#was = port.standing()?.state
    this.#said = new Said(port.past)
    this.#resuming = port.past ? 'server' : null
  }

  #tell(bytes: Uint8Array): void {
    this.#said.add(bytes)
    this.port.onBytes(bytes, false)
    if (this.#logAt) this.#whenQuiet()
  }

  /** A line of ours in the stream. */
  note(line: Uint8Array): void {
    this.port.onBytes(line, true)
  }

  #at(place: LogPlace): void {
    this.#said.isAt(place)
    this.port.onPlace(place)
  }

  /** A guest that is silent has said what its log holds: so the place is known again after hours of a live terminal. */
  #whenQuiet(): void {
    if (this.#quiet) {
      this.#quiet.refresh()
      return
    }
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined
      void this.#measure().catch(() => {})
    }, this.port.limits.quietMs)
    this.#quiet.unref()
  }

  async #measure(): Promise<void> {
    const path = this.#logAt?.path
    const { length } = this.#said
    if (path === undefined || this.#held || !this.#source || this.#log?.tape.held) return
    const found = await this.port.exec().stat(path)
    if (found && length === this.#said.length && path === this.#logAt?.path && this.#source && !this.#held)
      this.#at({ path, offset: found.size })
  }

  /** Opens the source when the guest runs; else says what it waits for. Does nothing while one is open or being opened. */
  async open(): Promise<void> {
    if (this.#source || this.#closed.signal.aborted || this.#busy) return
    clearTimeout(this.#retry)
    this.#busy = true
    const mine = ++this.#opening
    try {
      await this.#attach(mine)
    } catch (error) {
      if (mine === this.#opening) this.#fail(failedToOpen(error))
    } finally {
      if (mine === this.#opening) this.#busy = false
      if (!this.#busy && !this.#source) this.#early.take()
    }
  }
  #busy = false
  readonly #early = new Early<Uint8Array>()

  async #attach(mine: number): Promise<void> {
    const { port } = this
    const alive = up(port.standing())
    const target = await this.#target(alive)
    if (mine !== this.#opening) return
    if (target) await this.#past(target)
    if (mine !== this.#opening) return
    if (!alive || !target) {
      this.#set('waiting', notRunning(port.standing(), port.kind))
      // It was started while its port was looked for, which found it stopped.
      if (up(port.standing())) this.#later()
      return
    }
    this.#log?.tape.attached()
    const source = await openSource(port.exec(), target, port.size(), {
      onData: (bytes) => mine === this.#opening && this.#received(bytes),
      onEnd: (cause, lost) => mine === this.#opening && this.#ended(this.#log?.tape.error() ?? cause, lost),
    })
    if (mine !== this.#opening) return source.close()
    if (this.#resuming) this.note(port.kind === 'shell' && this.#resuming === 'server' ? shellEnded() : gap(this.#resuming))
    else if (this.#began && !this.#newLifeTold()) this.note(restarted(port.standing(), port.kind))
    this.#resuming = null
    this.#told = false
    this.#source = source
    for (const bytes of this.#early.take()) source.write(bytes)
    this.hold(this.#held)
    this.#began = true
    this.#openedAt = Date.now()
    this.#set('attached', '')
  }
  #openedAt = 0

  #newLifeTold(): boolean {
    return this.port.kind === 'serial' && (this.#told || Date.now() - this.#rebootedAt < rebootMs)
  }

  /** A stopped guest may still have a log to show, so that its console is not dark; an engine that refuses then is no fault. */
  async #target(alive: boolean): Promise<ConsoleTarget | null> {
    const asked = this.port.target(this.#closed.signal)
    return alive ? asked : asked.catch(() => null)
  }

  #received(bytes: Uint8Array): void {
    if (this.#log) this.#log.tape.fromTerminal(bytes)
    else this.#tell(bytes)
  }

  /** What was printed before now: the log, followed until the terminal has taken over, or once what a past log holds. */
  async #past(target: ConsoleTarget): Promise<void> {
    if (target.kind !== 'pty') return
    const max = this.port.limits.historyBytes
    // A container with another name has its log elsewhere.
    if (target.log && this.#log && target.log.path !== this.#logAt?.path) this.#forgetLog()
    if (target.log && !this.#log) await this.#follow(target.log, max, this.#said.tail.length > 0)
    if (this.#historyRead || !target.history) return
    this.#historyRead = true
    const bytes = await readHistory(this.port.exec(), target.history, max, this.#closed.signal)
    if (bytes.length && !this.#resuming) this.#tell(bytes)
  }

  async #follow(at: LogAt, tailBytes: number, again = false): Promise<void> {
    const why = this.#resuming
    const ending = why || again ? { tail: this.#said.tail, place: this.#said.place() } : null
    const port: LogPort = {
      limits: this.port.limits,
      exec: this.port.exec,
      onBytes: (bytes) => this.#log === log && this.#tell(bytes),
      // A guest that begins a new log has lost nothing: it has another life.
      onGap: (anew) => (why || !anew) && this.#log === log && this.note(gap(why ?? 'terminal')),
      onPlace: (place) => this.#log === log && this.#at(place),
      onLive: () => this.hold(this.#held),
      onLost: () => this.#log === log && this.#cut(),
    }
    const log: LogFeed = new LogFeed(at.path, port)
    this.#log = log
    this.#logAt = at
    try {
      // Where there is none to read, the terminal shows what comes from now on.
      if (await log.begin(tailBytes, ending)) {
        if (this.#log === log) this.#resuming = null
      } else if (this.#log === log) this.#forgetLog()
    } catch (error) {
      if (this.#log === log) this.#forgetLog()
      if (this.#said.tail.length > 0) this.#resuming ??= 'host'
      throw error
    }
    log.hold(this.#held)
  }

  #forgetLog(): void {
    this.#log?.close()
    this.#log = null
    this.#logAt = null
  }

  /** The host is lost: when it is back, its log tells what was printed meanwhile. */
  #cut(): void {
    this.#forgetLog()
    this.#resuming ??= 'host'
  }

  /** The next life of the guest goes on in the log where this one ended. */
  #rewind(): void {
    const log = this.#log
    if (!log) return
    if (!log.tape.live) {
      log.tape.restart()
      return
    }
    const at = this.#logAt
    this.#forgetLog()
    if (at) this.#follow(at, 0, true).catch(() => {})
  }

  #ended(cause: string, lost = false): void {
    this.#source = null
    if (this.#last) this.note(this.#last)
    this.#last = null
    if (lost && this.#log) this.#cut()
    else this.#rewind()
    const guest = this.port.standing()
    if (Date.now() - this.#openedAt > 10_000) this.#tries = 0
    if (this.port.kind === 'shell') this.#set('ended', ended(guest, cause))
    else {
      this.#set('waiting', notRunning(guest, 'serial', cause))
      if (up(guest)) this.#later()
    }
  }

  #fail(text: string): void {
    if (this.port.kind === 'shell') {
      this.#set('ended', text)
      return
    }
    // It may have stopped while its port was looked for: then that is the reason, not what the search ran into.
    const guest = this.port.standing()
    this.#set('waiting', up(guest) ? text : notRunning(guest, 'serial'))
    if (up(guest)) this.#later()
  }

  #later(): void {
    const [first, last] = this.port.limits.retryMs
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.open(), Math.min(last, first * 2 ** this.#tries++))
    this.#retry.unref()
  }

  #set(state: FeedState['state'], text: string): void {
    this.state = { state, text }
    this.port.onState(this.state)
  }

  /** The guest changed: an open serial port is found again; a shell that never began begins. */
  guestChanged(): void {
    const guest = this.port.standing()
    this.#banner(guest)
    if (this.#source) return
    const wanted = this.port.kind === 'serial' || !this.#began
    if (up(guest) && wanted) void this.open()
    else if (!up(guest) && this.state.state === 'waiting') {
      const text = notRunning(guest, this.port.kind)
      if (text !== this.state.text) this.#set('waiting', text)
    } else if (this.state.state === 'ended') {
      const text = ended(guest, '')
      if (text !== this.state.text) this.#set('ended', text)
    }
  }

  #banner(guest: Standing | undefined): void {
    const before = this.#was
    if (guest) this.#was = guest.state
    const line = guest && before && guest.state !== before ? changed(guest, before, this.port.kind) : null
    if (!line || !guest) return
    if (!up(guest) && this.#source) this.#last = line
    else this.note(line)
    if (up(guest)) this.#told = true
  }

  /** It began anew. Its serial port may stay open over that, or end and be opened again; a shell has ended. */
  rebooted(): void {
    if (Date.now() - this.#rebootedAt < sameRebootMs) return
    this.note(rebooted(this.port.standing(), this.port.kind))
    this.#rebootedAt = Date.now()
  }

  /** The guest is there under another name, or on another host, whose log is another one. */
  moved(line: Uint8Array, otherHost: boolean): void {
    this.note(line)
    this.#was = this.port.standing()?.state
    this.#told = true
    if (otherHost) {
      this.#opening++
      this.#busy = false
      this.#source?.close()
      this.#source = null
      this.#forgetLog()
      this.#said.isAt(null)
      this.#historyRead = true
    }
    if (!this.#source) void this.open()
  }

  write(bytes: Uint8Array): void {
    if (this.#source) this.#source.write(bytes)
    else if (this.#busy) this.#early.hold(bytes)
  }
  resize(cols: number, rows: number): void {
    this.#source?.resize(cols, rows)
  }
  /**
   * Holds the guest back, or lets it go on. While its log is shown, only that waits: a terminal that is not read lets QEMU up
   * to 8 write bytes to the log twice.
   */
  hold(held: boolean): void {
    this.#held = held
    const reading = this.#log && !this.#log.tape.live
    this.#log?.hold(held)
    if (held && !reading) this.#source?.pause()
    else this.#source?.resume()
  }

  close(): void {
    this.#opening++
    this.#closed.abort()
    clearTimeout(this.#retry)
    clearTimeout(this.#quiet)
    this.#source?.close()
    this.#source = null
    this.#forgetLog()
  }
}
