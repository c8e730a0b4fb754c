import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startSshd } from '@/e2e/hosts/sshd'
import { sshOf } from '@/server/exec/fixtures/hosts'
import { createSshExec } from '@/server/exec/ssh'
import { consoleServer } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

it('goes on in the serial log of a host that was lost, with what was printed meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-lost-'))
  const log = join(folder, 'serial.log')
  writeFileSync(log, 'line one\r\n')
  const sshd = await startSshd({})
  const exec = createSshExec(sshOf(sshd))
  const server = await consoleServer({ exec, target: () => ({ kind: 'pty', argv: ['/bin/cat'], log: { path: log } }) })
  const client = new SocketClient(server.url('a', 'serial'))
  try {
    await client.until((c) => c.text === 'line one\r\n' && c.last('state')?.state === 'attached')
    await sshd.kill()
    await client.until((c) => c.last('state')?.state === 'waiting')
    appendFileSync(log, 'line two\r\n')
    await sshd.start()
    exec.retry()
    await client.until((c) => c.last('state')?.state === 'attached')
    appendFileSync(log, 'line three\r\n')
    await client.until((c) => c.text.endsWith('line three\r\n'))
    // The line of ours between two lives is no part of what the guest said.
    expect(client.text.split('\r\n').filter((line) => line.startsWith('line '))).toEqual(['line one', 'line two', 'line three'])
    expect(client.text).not.toContain('missing')
  } finally {
    client.socket.terminate()
    await server.close()
    await sshd.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
