import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { pipeline, Readable, type Writable } from 'node:stream'
import type { Argv } from '@/server/model/plan'
import type { Child, Ending, StartOptions } from './commands'
import { startError } from './error'
import { endGroup } from './group'

/** Output may be held open by a daemon that a command left behind: once the command is gone, silence this long is its end. */
const silenceMs = 500

/** Hands a stream to a command as fast as it takes it. A source that fails ends the input early: whoever reads it counts. */
function feed(source: Readable, input: Writable): void {
  pipeline(source, input, () => {})
}

/** Starts a command in a session and group of its own, without a shell, with nothing of ours but what is given. */
export function startChild(argv: Argv, env: Record<string, string>, { stdin, secrets, whole }: Omit<StartOptions, 'env'> = {}): Child {
  const [program, ...args] = argv
  const options: SpawnOptions = {
    env: env as NodeJS.ProcessEnv,
    cwd: '/',
    detached: true,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  }
  let child: ChildProcess
  try {
    child = spawn(program, args, options)
  } catch (error) {
    throw startError(argv, error, secrets)
  }
  let stopping: Promise<void> | undefined
  let why: string | undefined
  let note: string | undefined
  let leave = () => {}

  const ended = new Promise<Ending>((resolve, reject) => {
    let quiet: NodeJS.Timeout | undefined
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(quiet)
      child.stdout?.destroy()
      child.stderr?.destroy()
      void (stopping ?? Promise.resolve()).then(() => resolve({ code, signal: why ?? signal ?? undefined, note }))
    }
    leave = () => finish(null, null)
    child.once('error', (error) => {
      if (child.pid === undefined) reject(startError(argv, error, secrets))
    })
    child.once('close', finish)
    if (whole) return
    child.once('exit', (code, signal) => {
      const arm = () => {
        clearTimeout(quiet)
        quiet = setTimeout(finish, silenceMs, code, signal)
      }
      child.stdout?.on('data', arm)
      child.stderr?.on('data', arm)
      arm()
    })
  })
  ended.catch(() => {})

  if (stdin !== undefined && child.stdin) {
    // A command may end before it has read everything; its exit code tells.
    child.stdin.on('error', () => {})
    if (stdin instanceof Readable) feed(stdin, child.stdin)
    else child.stdin.end(stdin)
  }
  const pid = child.pid ?? 0
  return {
    pid: child.pid,
    stdout: child.stdout ?? Readable.from([]),
    stderr: child.stderr ?? Readable.from([]),
    ended,
    stop(reason) {
      if (!pid) return Promise.resolve()
      why ??= reason
      stopping ??= endGroup(pid, 'SIGTERM').then((gone) => {
        if (gone) return
        // It became root and stays: nobody waits for it any longer.
        note = `${program} still runs on the host: this user may not end it\n`
        leave()
      })
      return stopping
    },
  }
}
