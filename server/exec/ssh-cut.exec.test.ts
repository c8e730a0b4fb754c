import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sshd, startSshd } from '@/e2e/hosts/sshd'
import { type FarMachine, makeFarMachine } from './fixtures/far-machine'
import { failure, sshOf } from './fixtures/hosts'
import { createSshExec, type SshState } from './ssh'

let far: FarMachine
let sshd: Sshd
beforeAll(async () => {
  far = await makeFarMachine()
  sshd = await startSshd({ netns: far.netns, address: far.address })
})
afterAll(async () => {
  await sshd.stop()
  await far.remove()
})

const sleepers = () => sshd.processes().filter(({ args }) => args.startsWith('sleep'))

it('notices a dead line in about 10 s, tells the cause at once meanwhile, comes back by itself and cleans up behind it', async () => {
  const states: SshState[] = []
  const exec = createSshExec({ ...sshOf(sshd), program: far.ssh, onState: (state) => states.push(state) })
  const run = failure(exec.run(['sleep', '1000'], { timeoutMs: 60_000 }))
  const terminal = exec.pty(['sleep', '2000'], { cols: 80, rows: 24 })
  const exits: unknown[] = []
  terminal.onExit((exit) => void exits.push(exit))
  await expect.poll(() => sleepers().length, { timeout: 5000 }).toBe(2)
  expect(states).toEqual([{ state: 'connecting' }, { state: 'up' }])

  await far.cut()
  const words = 'The connection to 198.51.100.2 port '
  expect(await run).toMatchObject({ reason: 'lost', message: expect.stringContaining(words) })
  expect(exits).toEqual([{ code: null, signal: expect.stringContaining('was lost: no answer for 9 s'), lost: true }])
  // Nobody on the other side has noticed: what ran there still runs.
  expect(sleepers()).toHaveLength(2)

  await expect.poll(() => states.at(-1)?.state, { timeout: 15_000 }).toBe('down')
  expect((await failure(exec.run(['true']))).message).toMatch(/^198\.51\.100\.2 (cannot be reached|did not answer)/)

  await far.mend()
  await expect.poll(() => states.at(-1), { timeout: 30_000 }).toEqual({ state: 'up' })
  expect((await exec.run(['echo', 'back'])).stdout).toBe('back\n')
  // The new connection ends what the old one left, and the old one itself.
  await expect.poll(sleepers, { timeout: 5000 }).toEqual([])
  const logins = () => sshd.processes().filter(({ args }) => args.startsWith('sshd: root@'))
  await expect.poll(() => logins().length, { timeout: 5000 }).toBe(1)
  await exec.close()
  await expect.poll(() => sshd.processes().length, { timeout: 5000 }).toBe(1)
}, 90_000)
