import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { Ssh } from '@/server/model/host'
import { cleanEnvironment } from './environment'
import { ExecError, errnoCode } from './error'
import { endGroup } from './group'
import { keeperScript } from './remote-keeper'
import { Header } from './remote-start'
import { newNonce, remoteWord } from './remote-word'
import { type Mux, openMux } from './ssh-mux'
import { connectSeconds, knownHosts, masterArgv } from './ssh-options'
import { connectFault, lostWords } from './ssh-words'

/** Thrown when there is no connection. `lasting`: trying again soon will not help. */
export class LinkError extends ExecError {
  constructor(
    message: string,
    readonly lasting: boolean,
  ) {
    super(message, { reason: 'connect' })
  }
}

/** One ssh connection: its master process, our way into it, and the keeper on the other side. */
export type Link = {
  mux: Mux
  /** What a later connection needs to clean up after this one. */
  keeper: { pid: number; nonce: string }
  /** Commands on it now, without the keeper, and how many it may have. sshd grants 10 to a connection (MaxSessions). */
  sessions: number
  capacity: number
  /** Set when the connection is gone. */
  lost?: ExecError
  /** A process group of ours runs, or no longer. The keeper ends those that are left. */
  add(pid: number): void
  drop(pid: number): void
  /** Ends a process group on the host: the signal, KILL after 2 s. Resolves with whether it has gone, or the connection has. */
  end(pid: number, signal: 'TERM' | 'HUP'): Promise<boolean>
  /** Resolves when the other side has answered: all that it had sent before is here. Also when the connection is lost. */
  ping(): Promise<void>
  replace(keeper: { pid: number; nonce: string }): void
  /** Ends everything on both sides. */
  close(): Promise<void>
}

/** sshd's default MaxSessions of 10, less the keeper. */
const usualCapacity = 9
const startMs = (connectSeconds + 10) * 1000
const endMs = 12_000
const leaveMs = 4000

const socketFolder = () => {
  // The path of a Unix socket has room for about 100 bytes, and ssh adds 17 while it makes it.
  const folder = tmpdir()
  return folder.length > 50 ? '/tmp' : folder
}

function agentEnvironment(ssh: Ssh): Record<string, string> {
  const socket = process.env.SSH_AUTH_SOCK
  return ssh.key.kind === 'agent' && socket ? { SSH_AUTH_SOCK: socket } : {}
}

export type LinkOptions = {
  ssh: Ssh
  /** The file of Bailiwick's own key. */
  ownKey: string
  onLost: (link: Link) => void
  /** Gives up the attempt. */
  signal?: AbortSignal
  program?: string
}

/** Opens a connection. Rejects with `LinkError` in words. `onLost` is called once when it ends without `close`. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const folder = await mkdtemp(join(socketFolder(), 'bailiwick-'))
  try {
    await writeFile(join(folder, 'known_hosts'), knownHosts(options.ssh), { mode: 0o600 })
    return await start(options, folder)
  } finally {
    // Once it is open nothing in here is needed, so that nothing is left behind whatever happens to this process.
    await rm(folder, { recursive: true, force: true })
  }
}

function start({ ssh, ownKey, onLost, signal, program = 'ssh' }: LinkOptions, folder: string): Promise<Link> {
  const nonce = newNonce()
  const args = masterArgv(ssh, folder, ownKey, remoteWord(keeperScript, [nonce]))
  return new Promise((resolve, reject) => {
    // Its input is a pipe from us: when this process dies, the keeper reads its end, and all of the connection goes.
    const master: ChildProcess = spawn(program, args, {
      env: cleanEnvironment(agentEnvironment(ssh)) as NodeJS.ProcessEnv,
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const ending = new Map<number, ((gone: boolean) => void)[]>()
    const pings = new Map<number, () => void>()
    let pinged = 0
    let stderr = ''
    let link: Link | undefined
    let closing = false
    let givenUp = false
    master.stdin?.on('error', () => {})
    master.stderr?.on('data', (piece: Buffer) => {
      stderr = (stderr + piece).slice(-8192)
    })
    const tell = (...words: (string | number)[]) => {
      if (!link?.lost) master.stdin?.write(`${words.join(' ')}\n`)
    }
    const stop = async () => {
      if (master.pid && master.exitCode === null && master.signalCode === null) await endGroup(master.pid, 'SIGTERM')
    }
    const fail = (error: LinkError) => {
      givenUp = true
      clearTimeout(timer)
      void stop().then(() => reject(error))
    }
    const timer = setTimeout(() => {
      fail(new LinkError(`${ssh.address} let ${ssh.user} in, but did not start a command within ${startMs / 1000} s`, false))
    }, startMs)
    const giveUp = () => fail(new LinkError('The connection was called off', false))
    if (signal?.aborted) giveUp()
    signal?.addEventListener('abort', giveUp, { once: true })

    function gone(): void {
      if (!link || link.lost) return
      link.lost = new ExecError(closing ? 'The connection was closed' : lostWords(ssh, stderr), { reason: closing ? 'aborted' : 'lost' })
      link.mux.close(link.lost)
      for (const done of ending.values()) for (const each of done) each(true)
      for (const done of pings.values()) done()
      if (!closing) onLost(link)
    }

    async function ready(line: string): Promise<void> {
      const mux = await openMux(join(folder, 'c'), () => void stop())
      signal?.removeEventListener('abort', giveUp)
      clearTimeout(timer)
      const opened: Link = {
        mux,
        keeper: { pid: Number(line), nonce },
        sessions: 0,
        capacity: usualCapacity,
        add: (pid) => tell('add', pid),
        drop: (pid) => tell('drop', pid),
        ping() {
          if (opened.lost) return Promise.resolve()
          const number = ++pinged
          tell('ping', number)
          return new Promise((done) => pings.set(number, done))
        },
        replace: ({ pid, nonce: other }) => tell('replace', pid, other),
        end(pid, signal) {
          if (opened.lost) return Promise.resolve(true)
          tell('end', pid, signal)
          return new Promise((done) => {
            const limit = setTimeout(() => done(false), endMs)
            const over = (gone: boolean) => {
              clearTimeout(limit)
              done(gone)
            }
            ending.set(pid, [...(ending.get(pid) ?? []), over])
          })
        },
        async close() {
          if (opened.lost) return stop()
          closing = true
          const left = new Promise((done) => master.stdout?.once('close', done))
          master.stdin?.end()
          await Promise.race([left, new Promise((done) => setTimeout(done, leaveMs).unref())])
          await stop()
          gone()
        },
      }
      link = opened
      // The host's greeting among it; from now on only what ends the connection is of interest.
      stderr = ''
      resolve(opened)
    }

    const header = new Header(nonce, (line) => {
      ready(line).catch((error: unknown) => fail(new LinkError(error instanceof Error ? error.message : String(error), true)))
    })
    const decoder = new StringDecoder('utf8')
    let rest = ''
    master.stdout?.on('data', (piece: Buffer) => {
      const lines = (rest + decoder.write(header.add(piece) ?? Buffer.alloc(0))).split('\n')
      rest = lines.pop() ?? ''
      for (const text of lines) {
        const [, how, digits] = /^(gone|stays|pong) (\d+)$/.exec(text) ?? []
        if (how === 'pong') {
          pings.get(Number(digits))?.()
          pings.delete(Number(digits))
          continue
        }
        for (const done of ending.get(Number(digits)) ?? []) done(how === 'gone')
        ending.delete(Number(digits))
      }
    })
    // The keeper has ended: without it nothing on the other side can be ended, so the connection goes too.
    master.stdout?.once('end', () => {
      if (link && !closing) void stop()
    })
    master.once('error', (error) => {
      const missing = errnoCode(error) === 'ENOENT'
      const words = missing
        ? 'ssh is not installed on the machine that Bailiwick runs on (package openssh-client)'
        : `ssh cannot be started: ${error.message}`
      fail(new LinkError(words, missing))
    })
    master.once('close', () => {
      clearTimeout(timer)
      if (link) return gone()
      if (givenUp) return
      const { words, lasting } = connectFault(ssh, stderr)
      const said = header.text().split('\n').at(-1)?.trim().slice(0, 300)
      // Let in, and shown out again: a login shell such as nologin says why.
      if (!stderr.trim() && said) reject(new LinkError(`${ssh.address} lets ${ssh.user} in, but starts no command: ${said}`, true))
      else reject(new LinkError(words, lasting))
    })
  })
}
