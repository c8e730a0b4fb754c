import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sshd, startSshd } from '@/e2e/hosts/sshd'
import type { Argv } from '@/server/model/plan'
import { sshOf } from './fixtures/hosts'
import { createSshExec, type SshExec } from './ssh'

let sshd: Sshd
let remote: SshExec
beforeAll(async () => {
  sshd = await startSshd()
  remote = createSshExec(sshOf(sshd))
})
afterAll(async () => {
  await remote.close()
  await sshd.stop()
})

/** What a command shows on a terminal, all of it; `typed` at once. */
function shown(argv: Argv, typed = ''): Promise<string> {
  const terminal = remote.pty(argv, { cols: 80, rows: 24 })
  let text = ''
  terminal.onData((bytes) => {
    text += Buffer.from(bytes).toString()
  })
  if (typed) terminal.write(Buffer.from(typed))
  return new Promise((resolve) => terminal.onExit(() => resolve(text)))
}

it('begins with what the command says, takes what was typed before, and echoes as a terminal does', async () => {
  expect(await shown(['sh', '-c', 'read -r line; echo "<$line>"; stty -a | grep -o " echo "'], 'early\r')).toBe('<early>\r\n echo \r\n')
})

it('shows a program that throws away what its terminal has not passed on yet', async () => {
  // TCFLSH, TCOFLUSH: what tmux does first.
  const flush: Argv = ['perl', '-e', 'ioctl(STDOUT, 0x540b, 1); print "here\n"']
  for (let i = 0; i < 60; i++) expect(await shown(flush)).toBe('here\r\n')
})
