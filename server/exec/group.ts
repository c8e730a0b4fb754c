/** True while any process of the group lives. A group's number is not given away before its last member is gone. */
export function groupAlive(pgid: number): boolean {
  try {
    process.kill(-pgid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

export function signalGroup(pgid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pgid, signal)
  } catch {
    // It is gone already: what was wanted.
  }
}

const graceMs = 2000
const lookMs = 25

/** Ends a process group: `first`, then KILL after 2 s. Resolves when no member is left, or 1 s after the KILL. */
export async function endGroup(pgid: number, first: NodeJS.Signals): Promise<void> {
  signalGroup(pgid, first)
  const start = Date.now()
  let killed = false
  while (groupAlive(pgid)) {
    const waited = Date.now() - start
    if (waited >= graceMs && !killed) {
      killed = true
      signalGroup(pgid, 'SIGKILL')
    }
    if (waited >= graceMs + 1000) return
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}
