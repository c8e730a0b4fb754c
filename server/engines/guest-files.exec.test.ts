import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalExec } from '@/server/exec/local'
import type { Exec } from '@/server/exec/types'
import { guestPathInput } from '@/server/model/file-input'
import type { Argv } from '@/server/model/plan'
import { parseFolder, shellFiles } from './guest-files'
import type { Command } from './types'

const exec: Exec = createLocalExec({})
afterAll(() => exec.close())

/** The system's own commands, and BusyBox's alone, as a small guest has them. */
const systems: [string, (command: Argv, bin: string) => Argv][] = [
  ['GNU', (command) => command],
  ['BusyBox', ([, ...rest], bin) => ['env', '-i', `PATH=${bin}`, join(bin, 'sh'), ...rest]],
]

describe.each(systems)('files of a guest with commands of %s', (_, form) => {
  let folder: string
  let bin: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guest-files-'))
    bin = mkdtempSync(join(tmpdir(), 'guest-bin-'))
    for (const name of ['sh', 'ls', 'cat', 'head', 'tail', 'wc', 'mv', 'rm', 'stat', 'find', 'df', 'chown', 'chmod'])
      symlinkSync('/bin/busybox', join(bin, name))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
    rmSync(bin, { recursive: true, force: true })
  })
  const target = () => shellFiles((command) => form(command, bin))
  const run = ({ argv, env }: Command, stdin?: Uint8Array) => exec.run(argv, { env, stdin: stdin && Readable.from([stdin]) })
  const write = (path: string, bytes: Uint8Array, more: { replace?: boolean; sizeBytes?: number } = {}) =>
    run(target().write(path, { sizeBytes: bytes.length, replace: false, draft: 'abc', ...more }), bytes)
  const list = async (path: string) => parseFolder(path, (await run(target().list(path))).stdout)

  it.each([
    'plain',
    'with blanks  in it ',
    '-rf',
    '--',
    "it's",
    '"quoted"',
    '$(touch x)',
    '`id`',
    'größe 😀',
    '*',
    '~',
    ' -> ',
    '\\n',
    'tab\there',
  ])('writes, lists and reads a file named %j', async (name) => {
    const path = join(folder, name)
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256))
    expect(await write(path, bytes)).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(path)).toEqual(bytes)
    expect(statSync(path).mode & 0o7777).toBe(0o644)
    expect((await list(folder)).entries).toEqual([
      {
        name,
        kind: 'file',
        sizeBytes: bytes.length,
        modifiedAt: expect.any(Number),
        mode: 'rw-r--r--',
        uid: process.getuid?.(),
        gid: process.getgid?.(),
      },
    ])
    const { argv, env } = target().read(path)
    const hash = createHash('sha256')
    let length = 0
    const { stdout, ended } = exec.stream(argv, { env })
    for await (const piece of stdout) {
      hash.update(piece)
      length += piece.length
    }
    expect(await ended).toMatchObject({ code: 0 })
    expect(length).toBe(bytes.length + '70000\n'.length)
    expect(hash.digest('hex')).toBe(createHash('sha256').update('70000\n').update(bytes).digest('hex'))
    expect((await run(target().read(path, { sizeOnly: true }))).stdout).toBe('70000\n')
  })

  it('takes the place of a file only when told to, and keeps its owner and mode, but no set-user bit', async () => {
    const path = join(folder, 'script')
    writeFileSync(path, 'old')
    chownSync(path, 1234, 2345)
    chmodSync(path, 0o4750)
    expect(await write(path, Buffer.from('new'))).toMatchObject({ code: 1, stderr: 'There is such a file already\n' })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(await write(path, Buffer.from('new'), { replace: true })).toMatchObject({ code: 0 })
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 2345 })
    expect(statSync(path).mode & 0o7777).toBe(0o750)
  })

  it('replaces a link and never follows it, nor one that stands where the draft goes', async () => {
    const outside = join(folder, 'outside')
    writeFileSync(outside, 'untouched')
    const link = join(folder, 'link')
    symlinkSync(outside, link)
    expect(await write(link, Buffer.from('new'))).toMatchObject({ code: 1 })
    expect(await write(link, Buffer.from('new'), { replace: true })).toMatchObject({ code: 0 })
    expect(lstatSync(link).isSymbolicLink()).toBe(false)
    symlinkSync(outside, join(folder, '.abc.part'))
    expect((await write(join(folder, 'another'), Buffer.from('new'))).code).not.toBe(0)
    expect(readFileSync(outside, 'utf8')).toBe('untouched')
    symlinkSync('/nonexistent/x', join(folder, 'dangling'))
    expect((await write(join(folder, 'dangling'), Buffer.from('new'))).stderr).toBe('There is such a file already\n')
  })

  it('keeps nothing of what did not arrive whole', async () => {
    expect(await write(join(folder, 'a'), Buffer.from('short'), { sizeBytes: 100 })).toMatchObject({
      code: 1,
      stderr: 'Not all of it has arrived\n',
    })
    expect((await list(folder)).entries).toEqual([])
    expect(await write(join(folder, 'a'), Buffer.from('x'), { sizeBytes: 2 ** 60 })).toMatchObject({
      stderr: 'There is no room for it in the guest\n',
    })
    expect(await write(join(folder, 'empty'), Buffer.alloc(0))).toMatchObject({ code: 0 })
    expect(statSync(join(folder, 'empty')).size).toBe(0)
  })

  it('the undo takes the draft away and nothing else', async () => {
    const { undo } = target().write(join(folder, 'a'), { sizeBytes: 1, replace: false, draft: 'abc' })
    writeFileSync(join(folder, '.abc.part'), 'half')
    writeFileSync(join(folder, 'a'), 'mine')
    if (!undo) throw new Error('no undo')
    await exec.run(['rm', ...undo.slice(undo.indexOf('-f'))])
    expect(existsSync(join(folder, '.abc.part'))).toBe(false)
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('mine')
  })

  it('says in words what cannot be done', async () => {
    mkdirSync(join(folder, 'sub'))
    const said = async (command: Command, stdin?: Uint8Array) => {
      const { code, stderr } = await run(command, stdin)
      return code === 0 ? 'fine' : stderr.trim().split('\n').at(-1)
    }
    expect(await said(target().list(join(folder, 'none')))).toBe('There is no such folder')
    writeFileSync(join(folder, 'file'), '')
    expect(await said(target().list(join(folder, 'file')))).toBe('It is no folder')
    expect(await said(target().read(join(folder, 'none')))).toBe('There is no such file')
    expect(await said(target().read(join(folder, 'sub')))).toBe('It is a folder')
    expect(await said(target().read('/dev/zero'))).toBe('It is no plain file')
    const put = (path: string) => said(target().write(path, { sizeBytes: 1, replace: true, draft: 'd' }), Buffer.from('x'))
    expect(await put(join(folder, 'none', 'a'))).toBe('There is no such folder')
    expect(await put(join(folder, 'sub'))).toBe('It is a folder')
    expect(await put('/dev/null')).toBe('It is no plain file')
  })

  it('lists every kind, and counts a name with a line break in place of believing it', async () => {
    mkdirSync(join(folder, 'sub'))
    symlinkSync('sub', join(folder, 'link'))
    writeFileSync(join(folder, '.hidden'), 'abc')
    await exec.run(['mkfifo', join(folder, 'pipe')])
    writeFileSync(join(folder, 'a\nb'), '')
    chmodSync(join(folder, 'sub'), 0o1777)
    for (const [name, mode] of [
      ['root', 0o4750],
      ['group', 0o2640],
    ] as const) {
      writeFileSync(join(folder, name), '')
      chmodSync(join(folder, name), mode)
    }
    const { entries, left } = await list(folder)
    const brief = entries.map(({ name, kind }) => `${name} ${kind}`)
    expect(brief.sort()).toEqual(['.hidden file', 'group file', 'link link', 'pipe other', 'root file', 'sub folder'])
    const modes = Object.fromEntries(entries.map(({ name, mode }) => [name, mode]))
    expect(modes).toMatchObject({ sub: 'rwxrwxrwt', root: 'rwsr-x---', group: 'rw-r-S---' })
    expect(left).toBe(1)
    expect(entries.find(({ name }) => name === '.hidden')).toMatchObject({ sizeBytes: 3, mode: 'rw-r--r--' })
    expect(Math.abs((entries.find(({ name }) => name === '.hidden')?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  it('lists the root and a link to a folder', async () => {
    expect((await list('/')).entries.map(({ name }) => name)).toContain('etc')
    symlinkSync('/etc', join(folder, 'etc'))
    expect((await list(join(folder, 'etc'))).entries.map(({ name }) => name)).toContain('passwd')
  })
})

it('paths are absolute, without .., line breaks and empty parts', () => {
  const path = (text: string) => guestPathInput.safeParse(text).data ?? null
  expect(path('/a//b/./c/')).toBe('/a/b/c')
  expect(path('/')).toBe('/')
  expect(path('/a..b/..c')).toBe('/a..b/..c')
  for (const bad of ['', 'a', './a', '../a', '/a/../b', '/..', '/a\nb', '/a\0b', '/\ud800', `/${'a'.repeat(5000)}`])
    expect(path(bad)).toBeNull()
})
