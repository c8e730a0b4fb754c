import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cleanEnvironment } from './environment'
import { endGroup } from './group'

/** When a process began, in the system's own words: field 22 of /proc/PID/stat (proc(5)), else what ps says. Null when it is gone. */
function began(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields.at(19) ?? null
  } catch {
    // No /proc (FreeBSD), or it is gone.
  }
  try {
    const env = cleanEnvironment() as NodeJS.ProcessEnv
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { env, timeout: 2000, encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

/**
 * Tells a process of this machine from any later one with its number: `PID began`. Null when it is gone.
 * Answers at once, so that there is no moment between a start and its mark in which the server could be killed by anybody who waits.
 */
export function processMark(pid: number): string | null {
  const start = began(pid)
  return start === null ? null : `${pid} ${start}`
}

/**
 * Ends what an earlier server started and left behind when it was killed, with its whole group: TERM, then KILL.
 * `mark` is that of the command's first process, which leads the group. False when that process is gone: then there is nothing to end.
 */
export async function endLeftover(mark: string): Promise<boolean> {
  const pid = Number.parseInt(mark, 10)
  if (!(pid > 1) || processMark(pid) !== mark) return false
  await endGroup(pid, 'SIGTERM')
  return true
}
