import { ExecError } from './error'
import { goOn, Header, quietTerminal } from './remote-start'
import type { Channel, ChannelExit } from './ssh-channel'
import type { Link } from './ssh-link'
import { OpenRefused } from './ssh-mux'
import type { Pool } from './ssh-pool'
import { pack } from './ssh-wire'

/** A command on the other side. */
export type Session = {
  /** Its process, session and group; 0 until it has said so. */
  pid(): number
  write(bytes: Uint8Array, done?: () => void): void
  end(): void
  /** So many bytes of output were taken up. What is not holds the command back. */
  consumed(bytes: number): void
  resize(cols: number, rows: number): void
  /** Ends its process group; `why` becomes the signal of its ending. Resolves when it has gone. */
  stop(why: string, signal: 'TERM' | 'HUP'): Promise<void>
}

export type SessionEvents = {
  started?(pid: number): void
  out(bytes: Buffer): void
  err(bytes: Buffer): void
  ended(ending: { code: number | null; signal: string | undefined }): void
  failed(error: ExecError): void
}

export type SessionRequest = {
  word: string
  nonce: string
  /** Its name in words. */
  name: string
  pty?: { cols: number; rows: number }
}

/** As for local commands: output may be held open by a daemon that the command left behind. */
const silenceMs = 500
/** A login's start files may take long; a command that has not begun after this is given up without its number. */
const beginMs = 3000

/** Opens a channel with room, on another connection where the host allows fewer commands than thought. */
async function openChannel(pool: Pool, events: Parameters<Link['mux']['open']>[2]): Promise<{ link: Link; channel: Channel }> {
  for (;;) {
    const link = await pool.acquire()
    try {
      return { link, channel: await link.mux.open('session', Buffer.alloc(0), events) }
    } catch (error) {
      if (error instanceof OpenRefused) pool.full(link)
      pool.release(link)
      if (!(error instanceof OpenRefused)) throw error
      if (link.capacity === 0)
        throw new ExecError('The host allows one command in a connection: set MaxSessions in its sshd_config to 3 or more', {
          reason: 'start',
        })
    }
  }
}

/** Starts a command. Returns at once; what becomes of it is told by the events: `ended` or `failed`, once. */
export function startSession(pool: Pool, { word, nonce, name, pty }: SessionRequest, events: SessionEvents): Session {
  let channel: Channel | undefined
  let link: Link | undefined
  let pid = 0
  let size = pty
  let exit: ChannelExit | undefined
  let over = false
  let sawEof = false
  let outstanding = 0
  let received = 0
  let why: string | undefined
  let refusal = ''
  let stopping: Promise<void> | undefined
  let silence: NodeJS.Timeout | undefined
  const early: { bytes?: Uint8Array; done?: () => void }[] = []
  const waiters: (() => void)[] = []
  const settle = () => {
    for (const waiter of waiters.splice(0)) waiter()
  }

  function finish(error?: ExecError): void {
    if (over) return
    over = true
    clearTimeout(silence)
    channel?.close()
    if (link) {
      if (pid) link.drop(pid)
      pool.release(link)
    }
    for (const { done } of early.splice(0)) done?.()
    settle()
    const report = () => {
      if (why !== undefined) events.ended({ code: exit?.code ?? null, signal: why })
      else if (error) events.failed(error)
      else if (exit && (pid || refusal)) refused() ?? events.ended({ code: exit.code, signal: exit.signal && `SIG${exit.signal}` })
      else events.failed(new ExecError(notBegun(), { reason: 'start' }))
    }
    // Whoever asked for the end is told after all of the group has gone.
    if (stopping) void stopping.then(report)
    else report()
  }

  function refused(): true | undefined {
    if (refusal === 'missing') {
      const words = name.includes('/') ? `${name} does not exist on this host` : `${name} is not installed on this host`
      events.failed(new ExecError(words, { reason: 'missing', argv: [name] }))
      return true
    }
    if (refusal !== 'denied') return
    events.failed(new ExecError(`${name} may not be run by this user`, { reason: 'start', argv: [name] }))
    return true
  }

  const notBegun = () => {
    const said = [head.text(), errHead.text()].filter(Boolean).join(' ').slice(0, 300)
    return `${name} was not started: ${said || 'the login ended before it began'}`
  }

  const head = new Header(nonce, (line) => {
    if (!/^\d+$/.test(line)) {
      refusal = line
      return
    }
    pid = Number(line)
    link?.add(pid)
    if (pty) channel?.write(goOn)
    events.started?.(pid)
    for (const { bytes, done } of early.splice(0)) {
      if (bytes) channel?.write(bytes, done)
      else channel?.end()
    }
    settle()
  })
  const errHead = new Header(nonce, () => {})

  /** Passes on what is of the command; what is not counts as taken up. */
  function pass(header: Header, bytes: Buffer, tell: (bytes: Buffer) => void): void {
    const mine = header.add(bytes)
    const length = mine?.length ?? 0
    if (bytes.length > length) channel?.consumed(bytes.length - length)
    if (!mine || over) return
    outstanding += length
    received += length
    tell(mine)
    if (exit) listen()
  }

  /**
   * It has ended: silence is the end of its output, unless the reader has not taken up what came, or the line is slow.
   * Messages keep their order, so when the keeper has answered nothing is on its way any more.
   */
  function listen(): void {
    clearTimeout(silence)
    if (sawEof) return
    silence = setTimeout(() => {
      if (outstanding > 0) return listen()
      const before = received
      void link?.ping().then(() => {
        if (received === before && !sawEof) finish()
      })
    }, silenceMs)
  }

  const channelEvents = {
    out: (bytes: Buffer) => pass(head, bytes, events.out),
    err: (bytes: Buffer) => pass(errHead, bytes, events.err),
    eof() {
      sawEof = true
      clearTimeout(silence)
    },
    exit(ending: ChannelExit) {
      exit = ending
      listen()
    },
    closed: (error?: ExecError) => finish(error),
  }

  openChannel(pool, channelEvents)
    .then(async (opened) => {
      if (over || why !== undefined) {
        opened.channel.close()
        pool.release(opened.link)
        return finish()
      }
      channel = opened.channel
      link = opened.link
      if (size) channel.tell('pty-req', Buffer.concat([pack('xterm-256color', size.cols, size.rows, 0, 0), pack(quietTerminal)]))
      if (!(await channel.request('exec', pack(word))))
        finish(new ExecError('The host runs no commands for this user', { reason: 'start' }))
    })
    .catch((error: unknown) => finish(error instanceof ExecError ? error : new ExecError(String(error), { reason: 'start' })))

  async function end(signal: 'TERM' | 'HUP'): Promise<void> {
    if (!pid && channel && !over)
      await new Promise<void>((resolve) => {
        waiters.push(resolve)
        setTimeout(resolve, beginMs).unref()
      })
    if (over) return
    if (pid && (await link?.end(pid, signal)) === false)
      events.err(Buffer.from(`\n${name} still runs on the host: this user may not end it\n`))
    // What it wrote last is on its way; a member of the group that got away may hold the output open for ever.
    if (!over)
      await new Promise<void>((resolve) => {
        waiters.push(resolve)
        setTimeout(resolve, silenceMs).unref()
      })
    setImmediate(() => finish())
  }

  return {
    pid: () => pid,
    write(bytes, done) {
      if (over) done?.()
      else if (pid) channel?.write(bytes, done)
      else early.push({ bytes, done })
    },
    end() {
      if (pid) channel?.end()
      else early.push({})
    },
    consumed(bytes) {
      outstanding -= bytes
      channel?.consumed(bytes)
    },
    resize(cols, rows) {
      size = { cols, rows }
      channel?.tell('window-change', pack(cols, rows, 0, 0))
    },
    stop(reason, signal) {
      if (over) return Promise.resolve()
      why ??= reason
      stopping ??= end(signal)
      return stopping
    },
  }
}
