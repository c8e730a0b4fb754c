import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { cleanEnvironment } from './environment'
import { endGroup } from './group'

const call = promisify(execFile)

/** When a process began, in the system's own words: field 22 of /proc/PID/stat (proc(5)), else what ps says. Null when it is gone. */
async function began(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    return (
      text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .at(19) ?? null
    )
  } catch {
    // No /proc (FreeBSD), or it is gone.
  }
  try {
    const { stdout } = await call('ps', ['-o', 'lstart=', '-p', String(pid)], { env: cleanEnvironment() as NodeJS.ProcessEnv })
    return stdout.trim() || null
  } catch {
    return null
  }
}

/** Tells a process of this machine from any later one with its number: `PID began`. Null when it is gone. */
export async function processMark(pid: number): Promise<string | null> {
  const start = await began(pid)
  return start === null ? null : `${pid} ${start}`
}

/**
 * Ends what an earlier server started and left behind when it was killed, with its whole group: TERM, then KILL.
 * `mark` is that of the command's first process, which leads the group. False when that process is gone: then there is nothing to end.
 */
export async function endLeftover(mark: string): Promise<boolean> {
  const pid = Number.parseInt(mark, 10)
  if (!(pid > 1) || (await processMark(pid)) !== mark) return false
  await endGroup(pid, 'SIGTERM')
  return true
}
