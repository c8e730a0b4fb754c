import { afterEach, expect, it } from 'vitest'
import { createLocalExec } from '@/server/exec/local'
import { consoleServer } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

const exec = createLocalExec()
const socket = `bailiwick-history-${process.pid}`
const tmux = (...words: string[]) =>
  exec.run(['tmux', '-u', '-f', '/dev/null', '-L', socket, ...words], { env: { TERM: 'xterm-256color' } })
afterEach(async () => {
  await tmux('kill-server')
  await exec.close()
})

it('begins with what a guest in tmux printed while nobody watched, as CBSD runs its VMs', async () => {
  await tmux('new-session', '-d', '-x', '80', '-y', '24', 'for i in $(seq 1 200); do echo printed line $i; done; exec cat')
  await expect.poll(async () => (await tmux('capture-pane', '-p')).stdout).toContain('printed line 200')
  const server = await consoleServer({
    target: () => ({
      kind: 'pty',
      argv: ['tmux', '-u', '-L', socket, 'attach-session'],
      history: { argv: ['tmux', '-u', '-L', socket, 'capture-pane', '-p', '-e', '-S', '-', '-E', '-1'] },
    }),
  })
  const client = new SocketClient(server.url('a', 'serial'))
  try {
    await client.until((c) => c.text.includes('printed line 200'))
    const lines = [...client.text.matchAll(/printed line (\d+)/g)].map(([, n]) => Number(n))
    // The last ones are on the screen, which tmux draws as it likes.
    expect(lines.slice(0, 170)).toEqual(Array.from({ length: 170 }, (_, i) => i + 1))
    // On a terminal a line begins on the left.
    expect(client.text).toContain('printed line 1\r\nprinted line 2\r\n')
  } finally {
    client.socket.terminate()
    await server.close()
  }
})
