import { readdirSync, readFileSync } from 'node:fs'

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

export function signalGroup(pgid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pgid, signal)
  } catch {
    // It is gone already: what was wanted.
  }
}

const graceMs = 2000
const lookMs = 20
/** Looking through all processes costs some milliseconds: only when they do not go at once, and not often. */
const looksPerSearch = 5

/** Ends a process group: `first`, then KILL after 2 s. Resolves when no member runs any more, or 1 s after the KILL. */
export async function endGroup(pgid: number, first: NodeJS.Signals): Promise<void> {
  signalGroup(pgid, first)
  const start = performance.now()
  let killed = false
  for (let looks = 1; groupExists(pgid); looks++) {
    if (looks % looksPerSearch === 0 && onlyZombies(pgid)) return
    const waited = performance.now() - start
    if (waited >= graceMs && !killed) {
      killed = true
      signalGroup(pgid, 'SIGKILL')
    }
    if (waited >= graceMs + 1000) return
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}
