import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseFolder } from '@/server/engines/guest-files'
import type { Command } from '@/server/engines/types'
import { createLocalExec } from '@/server/exec/local'
import type { Exec } from '@/server/exec/types'
import { agentFiles } from './agent-files'

let home: string
let agent: ChildProcess
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'agent-'))
  await mkdir(join(home, 'bin'))
  await copyFile(fileURLToPath(new URL('fixture-virsh.mjs', import.meta.url)), join(home, 'bin', 'virsh'))
  await chmod(join(home, 'bin', 'virsh'), 0o755)
  const socket = join(home, 'socket')
  agent = spawn('/usr/sbin/qemu-ga', ['-m', 'unix-listen', '-p', socket, '-t', home], { stdio: 'ignore' })
  await vi.waitFor(() => expect(existsSync(socket)).toBe(true), 10_000)
})
afterAll(async () => {
  const ended = new Promise((resolve) => agent.once('exit', resolve))
  agent.kill()
  await ended
  await rm(home, { recursive: true, force: true })
})

// libvirt before and after it changed how it writes JSON.
describe.each(['', 'spaced'])('files by the real guest agent %s', (spaced) => {
  let exec: Exec
  let folder: string
  beforeAll(async () => {
    exec = createLocalExec({
      env: { PATH: `${join(home, 'bin')}:${process.env.PATH}`, AGENT_SOCKET: join(home, 'socket'), ...(spaced && { AGENT_SPACED: '1' }) },
    })
    folder = await mkdtemp(join(home, 'guest-'))
  })
  afterAll(() => exec.close())
  const files = agentFiles('qemu:///system', 'some-uuid')
  const run = ({ argv }: Command, stdin?: Uint8Array) => exec.run(argv, { stdin: stdin && Readable.from([stdin]) })
  const write = (path: string, bytes: Uint8Array, more: { replace?: boolean; sizeBytes?: number } = {}) =>
    run(files.write(path, { sizeBytes: bytes.length, replace: false, draft: 'abc', ...more }), bytes)
  const last = (text: string) => text.trim().split('\n').at(-1)
  async function read(path: string): Promise<Buffer> {
    const { stdout, ended } = exec.stream(files.read(path).argv)
    const pieces: Buffer[] = []
    for await (const piece of stdout) pieces.push(piece)
    expect(await ended).toMatchObject({ code: 0 })
    const all = Buffer.concat(pieces)
    const head = all.indexOf(10)
    expect(Number(all.subarray(0, head).toString())).toBe(all.length - head - 1)
    return all.subarray(head + 1)
  }

  it.each(['plain', `it's "odd" \\ $(id)`, '-rf', 'größe'])('writes, lists and reads %j', async (name) => {
    const path = join(folder, name)
    const bytes = randomBytes(400_000)
    expect(await write(path, bytes)).toMatchObject({ code: 0, stderr: '' })
    expect((await readFile(path)).equals(bytes)).toBe(true)
    expect((await stat(path)).mode & 0o777).toBe(0o644)
    expect((await read(path)).equals(bytes)).toBe(true)
    expect((await run(files.read(path, { sizeOnly: true }))).stdout).toBe('400000\n')
    const { entries } = parseFolder(folder, (await run(files.list(folder))).stdout)
    expect(entries.find((each) => each.name === name)).toMatchObject({ kind: 'file', sizeBytes: bytes.length })
  })

  it('keeps owner and mode of what it replaces, follows no link, and leaves no draft', async () => {
    const path = join(folder, 'kept')
    await writeFile(path, 'old')
    await chown(path, 1234, 2345)
    await chmod(path, 0o640)
    expect(last((await write(path, Buffer.from('new'))).stderr)).toBe('There is such a file already')
    expect(await write(path, Buffer.from('new'), { replace: true })).toMatchObject({ code: 0 })
    expect(await stat(path)).toMatchObject({ uid: 1234, gid: 2345, size: 3 })
    await writeFile(join(folder, 'outside'), 'untouched')
    await symlink(join(folder, 'outside'), join(folder, 'link'))
    await write(join(folder, 'link'), Buffer.from('new'), { replace: true })
    expect(await readFile(join(folder, 'outside'), 'utf8')).toBe('untouched')
    expect(last((await write(join(folder, 'short'), Buffer.from('x'), { sizeBytes: 9 })).stderr)).toBe('Not all of it has arrived')
    expect((await readdir(folder)).filter((each) => each.endsWith('.part') || each === 'short')).toEqual([])
    expect(await write(join(folder, 'empty'), Buffer.alloc(0))).toMatchObject({ code: 0 })
    expect((await read(join(folder, 'empty'))).length).toBe(0)
  })

  it('says in words what cannot be done', async () => {
    const said = async (command: Command) => {
      const { code, stderr } = await run(command)
      return code === 0 ? 'fine' : last(stderr)
    }
    expect(await said(files.list(join(folder, 'none')))).toBe('There is no such folder')
    expect(await said(files.read(join(folder, 'none')))).toBe('There is no such file')
    expect(await said(files.read('/dev/zero'))).toBe('It is no plain file')
  })
})

it('says so when no agent answers', async () => {
  const exec = createLocalExec({ env: { PATH: `${join(home, 'bin')}:${process.env.PATH}`, AGENT_SOCKET: join(home, 'none') } })
  const result = await exec.run(agentFiles('qemu:///system', 'u').list('/').argv)
  await exec.close()
  expect(result.code).toBe(1)
  expect(result.stderr).toContain('Guest agent is not responding')
})
