import { ExecError } from '../exec/error'
import type { Exec, Followed } from '../exec/types'
import type { ConsoleTarget } from '../model/console'
import type { ConsoleLimits } from './limits'
import type { Standing } from './of'
import { openSource, type Source } from './source'
import { Stitch } from './stitch'
import { ended, failedToOpen, gap, notRunning, restarted, shellEnded } from './words'

export type FeedState = { state: 'attached' | 'waiting' | 'ended'; text: string }

export type FeedPort = {
  kind: 'serial' | 'shell'
  limits: ConsoleLimits
  /** The guest or host as it is now, or nothing when it is gone. */
  standing(): Standing | undefined
  target(signal: AbortSignal): Promise<ConsoleTarget>
  exec(): Exec
  size(): { cols: number; rows: number }
  onBytes(bytes: Uint8Array): void
  onState(state: FeedState): void
  /** The guest's own last bytes of an earlier run of the server, where there was one. */
  past?: { tail: Uint8Array }
}

/** So much of the end of what a guest said finds the place in its log again. */
const tailBytes = 512

const up = (guest: Standing | undefined): boolean => guest !== undefined && guest.state !== 'stopped' && guest.state !== 'crashed'

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
  #log: Followed | null = null
  #logPath = ''
  #tape: Stitch | null = null

  /** What the guest itself said last: no lines of ours. */
  #tail: Buffer
  /** Why what comes next is still to be joined to what was said: an earlier run of the server kept it, or its host was lost. */
  #resuming: 'server' | 'host' | null

  constructor(private readonly port: FeedPort) {
    this.#tail = Buffer.from(port.past?.tail ?? [])
    this.#resuming = port.past ? 'server' : null
  }

  get tail(): Uint8Array {
    return this.#tail
  }

  #said(bytes: Uint8Array): void {
    this.#tail =
      bytes.length >= tailBytes ? Buffer.from(bytes.subarray(-tailBytes)) : Buffer.concat([this.#tail, bytes]).subarray(-tailBytes)
    this.port.onBytes(bytes)
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
    }
  }
  #busy = false

  async #attach(mine: number): Promise<void> {
    const { port } = this
    const alive = up(port.standing())
    const target = await this.#target(alive)
    if (mine !== this.#opening) return
    if (target) await this.#past(target)
    if (mine !== this.#opening) return
    if (!alive || !target) return this.#set('waiting', notRunning(port.standing(), port.kind))
    const source = await openSource(port.exec(), target, port.size(), {
      onData: (bytes) => mine === this.#opening && this.#received(bytes),
      onEnd: (cause, lost) => mine === this.#opening && this.#ended(this.#tape?.error() ?? cause, lost),
    })
    if (mine !== this.#opening) return source.close()
    if (this.#resuming) port.onBytes(port.kind === 'shell' && this.#resuming === 'server' ? shellEnded() : gap(this.#resuming))
    else if (this.#began) port.onBytes(restarted(port.standing(), port.kind))
    this.#resuming = null
    this.#source = source
    this.#began = true
    this.#openedAt = Date.now()
    this.#set('attached', '')
  }
  #openedAt = 0

  /** A stopped guest may still have a log to show, so that its console is not dark; an engine that refuses then is no fault. */
  async #target(alive: boolean): Promise<ConsoleTarget | null> {
    const asked = this.port.target(this.#closed.signal)
    return alive ? asked : asked.catch(() => null)
  }

  #received(bytes: Uint8Array): void {
    if (this.#tape) this.#tape.fromTerminal(bytes)
    else this.#said(bytes)
  }

  /** What was printed before now: the log, followed until the terminal has taken over, or once what a past log holds. */
  async #past(target: ConsoleTarget): Promise<void> {
    if (target.kind !== 'pty') return
    const max = this.port.limits.historyBytes
    if (target.log && !this.#tape) await this.#follow(target.log.path, max)
    if (this.#historyRead || !target.history) return
    this.#historyRead = true
    const bytes = await this.port
      .exec()
      .readFile(target.history.path, { offset: -max, maxBytes: max })
      .catch(() => null)
    if (bytes?.length && !this.#resuming) this.#said(bytes)
  }

  async #follow(path: string, tailBytes: number): Promise<void> {
    let log: Followed | undefined
    // What is already there of the log when a kept session goes on: only what comes after its last bytes is new.
    let old: Buffer[] | null = this.#resuming ? [] : null
    const tell = (bytes: Uint8Array) => (old ? old.push(Buffer.from(bytes)) : this.#said(bytes))
    const tape = new Stitch(tell, () => {
      log?.close()
      this.#log = null
    })
    this.#tape = tape
    this.#logPath = path
    try {
      const onLost = () => this.#tape === tape && !tape.live && this.#cut()
      log = await this.port.exec().follow(path, { tailBytes, onLost }, (bytes) => tape.fromLog(bytes))
    } catch (error) {
      if (this.#tape === tape) this.#tape = null
      if (error instanceof ExecError && (error.reason === 'lost' || error.reason === 'connect')) {
        if (this.#tail.length > 0) this.#resuming ??= 'host'
        throw error
      }
      // Not ours to read, or not there: the terminal shows what comes from now on.
      return
    }
    if (old) {
      const known = Buffer.concat(old)
      old = null
      this.#join(known)
    }
    if (this.#closed.signal.aborted || tape.live) log.close()
    else this.#log = log
  }

  /** The host is lost: when it is back, its log tells what was printed meanwhile. */
  #cut(): void {
    this.#log?.close()
    this.#log = null
    this.#tape = null
    this.#resuming ??= 'host'
  }

  /** Goes on in the log where the kept text ends. */
  #join(log: Buffer): void {
    const why = this.#resuming ?? 'host'
    this.#resuming = null
    const at = this.#tail.length > 0 ? log.lastIndexOf(this.#tail) : -1
    if (at < 0 && (log.length > 0 || this.#tail.length > 0)) this.port.onBytes(gap(why))
    const news = at < 0 ? log.subarray(log.length) : log.subarray(at + this.#tail.length)
    if (news.length > 0) this.#said(news)
  }

  /** The next life of the guest begins in the log where this one ended. */
  #rewind(): void {
    if (!this.#tape) return
    if (this.#tape.live) this.#follow(this.#logPath, 0).catch(() => {})
    else this.#tape.restart()
  }

  #ended(cause: string, lost = false): void {
    this.#source = null
    if (lost && this.#tape) this.#cut()
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
    if (this.#source) return
    const guest = this.port.standing()
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

  write(bytes: Uint8Array): void {
    this.#source?.write(bytes)
  }
  resize(cols: number, rows: number): void {
    this.#source?.resize(cols, rows)
  }
  hold(held: boolean): void {
    for (const flow of [this.#source, this.#log]) {
      if (held) flow?.pause()
      else flow?.resume()
    }
  }

  close(): void {
    this.#opening++
    this.#closed.abort()
    clearTimeout(this.#retry)
    this.#source?.close()
    this.#source = null
    this.#log?.close()
    this.#log = null
    this.#tape?.close()
  }
}
