import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { cleanEnvironment } from './environment'

const call = promisify(execFile)

/** True while the group has a member, be it one that has ended and waits to be collected by its parent. */
export function groupExists(pgid: number): boolean {
  try {
    process.kill(-pgid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** State and group of a process, from /proc/PID/stat: the name in it is in brackets and may hold anything. proc(5) */
function member(pid: string): { state: string; pgid: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', , pgid] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state, pgid: Number(pgid) }
  } catch {
    return null
  }
}

/**
 * True when what is left of a group has ended. Where nothing collects orphans (a container without an init) they stay
 * for ever, and nothing is gained by waiting for them. Without /proc the answer is no.
 */
function onlyZombies(pgid: number): boolean {
  let seen = false
  try {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue
      const found = member(pid)
      if (found?.pgid !== pgid) continue
      if (!/[ZX]/.test(found.state)) return false
      seen = true
    }
  } catch {
    return false
  }
  return seen
}

/** True while a member of the group runs. One that has ended and waits to be collected does not. */
export const groupRuns = (pgid: number): boolean => groupExists(pgid) && !onlyZombies(pgid) && groupExists(pgid)

/** Sends a signal to a group. False where none of its members is ours to signal: they became root. */
export function signalGroup(pgid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pgid, signal)
    return true
  } catch (error) {
    // Else it is gone already: what was wanted.
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM')
  }
}

/** Signals what became root, by way of the program that made it so: where its rules allow kill. The keeper of a host over ssh does the same. */
async function signalAsRoot(pgid: number, signal: NodeJS.Signals): Promise<void> {
  if (process.getuid?.() === 0) return
  for (const way of ['sudo', 'doas'])
    try {
      const argv = ['-n', 'kill', '-s', signal.replace(/^SIG/, ''), '--', `-${pgid}`]
      await call(way, argv, { env: cleanEnvironment() as NodeJS.ProcessEnv, timeout: 2000 })
      return
    } catch {
      // Not installed, or it may not: the other may.
    }
}

const graceMs = 2000
const lookMs = 20
/** Looking through all processes costs some milliseconds: only when they do not go at once, and not often. */
const looksPerSearch = 5

/**
 * Ends a process group: `first`, then KILL after 2 s, also of what became root, where sudo or doas let this user. Resolves
 * when no member runs any more, with true, or 1.5 s after the KILL, with false.
 */
export async function endGroup(pgid: number, first: NodeJS.Signals): Promise<boolean> {
  const hit = (signal: NodeJS.Signals) => {
    if (!signalGroup(pgid, signal)) void signalAsRoot(pgid, signal)
  }
  hit(first)
  const start = performance.now()
  let killed = false
  let raised = false
  for (let looks = 1; groupExists(pgid); looks++) {
    if (looks % looksPerSearch === 0 && onlyZombies(pgid)) return true
    const waited = performance.now() - start
    if (waited >= graceMs && !killed) {
      killed = true
      hit('SIGKILL')
    }
    // A group may be mixed: sudo itself took the signal, and what it started did not.
    if (waited >= graceMs + 200 && !raised) {
      raised = true
      void signalAsRoot(pgid, 'SIGKILL')
    }
    if (waited >= graceMs + 1500) return false
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
  return true
}
