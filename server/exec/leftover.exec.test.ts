import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { groupRuns } from './group'
import { endLeftover, processMark } from './leftover'

/** A process that leads a group of its own, with a child in it; as one that a killed server leaves behind. */
function orphan() {
  const child = spawn('/bin/sh', ['-c', 'sleep 600 & echo ready; wait'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  return { pid: child.pid ?? 0, ended, ready: new Promise((resolve) => child.stdout.once('data', resolve)) }
}

it('ends a command by its mark, and says that there was one', async () => {
  const { pid, ended, ready } = orphan()
  await ready
  const mark = processMark(pid)
  expect(mark).toMatch(new RegExp(`^${pid} \\S`))
  expect(await endLeftover(mark ?? '')).toBe(true)
  await ended
  expect(groupRuns(pid)).toBe(false)
  expect(await endLeftover(mark ?? '')).toBe(false)
})

it('leaves another process alone that has the number now', async () => {
  const { pid, ended, ready } = orphan()
  await ready
  expect(await endLeftover(`${pid} 1`)).toBe(false)
  expect(await endLeftover('')).toBe(false)
  process.kill(-pid, 0)
  process.kill(-pid, 'SIGKILL')
  await ended
})
