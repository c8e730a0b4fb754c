import { randomBytes } from 'node:crypto'
import { chmod, copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { parseFolder } from '@/server/engines/guest-files'
import { agentFiles } from '@/server/engines/libvirt/agent-files'
import { createLocalExec } from '@/server/exec/local'

/** For tests: a file into the VM whose guest agent is behind this socket, and out of it again. libvirt is not there: its virsh is stood in for. */
export async function demandAgent(socket: string): Promise<void> {
  const bin = join(dirname(socket), 'agent-bin')
  await mkdir(bin)
  await copyFile(fileURLToPath(new URL('../engines/libvirt/fixture-virsh.mjs', import.meta.url)), join(bin, 'virsh'))
  await chmod(join(bin, 'virsh'), 0o755)
  const exec = createLocalExec({ env: { PATH: `${bin}:${process.env.PATH}`, AGENT_SOCKET: socket } })
  try {
    const files = agentFiles('qemu:///system', 'im-web')
    const bytes = randomBytes(500_000)
    const path = '/home/anna/it’s here'
    const { argv } = files.write(path, { sizeBytes: bytes.length, replace: false, draft: 'abc' })
    const timeoutMs = 120_000
    expect(await exec.run(argv, { stdin: Readable.from([bytes]), timeoutMs })).toMatchObject({ code: 0, stderr: '' })
    const { stdout } = await exec.run(files.list('/home/anna').argv, { timeoutMs })
    expect(parseFolder('/home/anna', stdout).entries).toContainEqual(
      expect.objectContaining({ name: 'it’s here', kind: 'file', sizeBytes: bytes.length, mode: 'rw-r--r--', uid: 0 }),
    )
    const pieces: Buffer[] = []
    const { stdout: back, ended } = exec.stream(files.read(path).argv)
    for await (const piece of back) pieces.push(piece)
    expect(await ended).toMatchObject({ code: 0 })
    expect(Buffer.concat(pieces).equals(Buffer.concat([Buffer.from('500000\n'), bytes]))).toBe(true)
  } finally {
    await exec.close()
  }
}
