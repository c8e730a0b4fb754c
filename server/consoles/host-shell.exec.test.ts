import { expect, it } from 'vitest'
import { startSshd } from '@/e2e/hosts/sshd'
import { sshOf } from '@/server/exec/fixtures/hosts'
import { createSshExec } from '@/server/exec/ssh'
import type { Exec } from '@/server/exec/types'
import { consoleServer } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

/** Opens the shell of the host, asks it what it is, and ends it by removing the host. */
async function visit(exec?: Exec): Promise<string> {
  const server = await consoleServer({ target: () => expect.fail('No engine has a part in it'), exec })
  const client = new SocketClient(server.hostUrl('local'))
  try {
    await client.until((c) => c.last('state')?.state === 'attached')
    // Through sh: the login of the ssh daemon has tcsh.
    client.type(`/bin/sh -c 'echo is=$(id -un) home=$HOME=$PWD shell=$SHELL te""rm=$TERM'\r`)
    await client.until((c) => /term=\S+\r\n/.test(c.text))
    server.publish({ type: 'host.removed', id: 'local' })
    await client.until((c) => c.closed !== null)
    expect(client.closed).toMatchObject({ code: 4404, reason: 'The host was removed' })
    return client.text
  } finally {
    client.socket.terminate()
    await server.close()
  }
}

it('gives the login shell of the server’s own user', async () => {
  const text = await visit()
  expect(text).toMatch(/is=(\S+) home=(\S+)=\2 shell=\/\S+ term=xterm-256color/)
})

it('gives the login shell of the login over ssh', async () => {
  const sshd = await startSshd({})
  const exec = createSshExec(sshOf(sshd))
  try {
    expect(await visit(exec)).toMatch(/is=(\S+) home=(\S+)=\2 shell=\/\S*tcsh term=xterm-256color/)
  } finally {
    await exec.close()
    await sshd.stop()
  }
})
