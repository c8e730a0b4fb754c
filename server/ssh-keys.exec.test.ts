import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sshd, startSshd } from '@/e2e/hosts/sshd'
import { createSshKeys, parseScan } from './ssh-keys'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe("Bailiwick's own key pair", () => {
  it('is made once, for nobody else to read', async () => {
    const dir = join(folder, 'a b%h', 'ssh')
    const keys = createSshKeys(dir)
    const [first, second] = await Promise.all([keys.publicKey(), keys.publicKey()])
    expect(first).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+ bailiwick@/)
    expect(await createSshKeys(dir).publicKey()).toBe(first)
    expect(second).toBe(first)
    expect((await stat(join(dir, 'id_ed25519'))).mode & 0o777).toBe(0o600)
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
    const derived = execFileSync('ssh-keygen', ['-y', '-f', join(dir, 'id_ed25519')]).toString()
    expect(derived.split(' ')[1]?.trim()).toBe(first.split(' ')[1])
  })
  it('is made again when only half of it was', async () => {
    const dir = join(folder, 'half')
    const keys = createSshKeys(dir)
    await keys.publicKey()
    await rm(join(dir, 'id_ed25519.pub'))
    await writeFile(join(dir, 'new'), 'left by a crash')
    expect(await keys.publicKey()).toBe((await readFile(join(dir, 'id_ed25519.pub'), 'utf8')).trim())
  })
})

describe('the keys of a host', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd({})
  })
  afterAll(() => sshd.stop())
  const keys = createSshKeys('/nonexistent')

  it('are read with the fingerprint that ssh-keygen prints', async () => {
    const found = await keys.scan(sshd.address, sshd.port)
    expect(found.map(({ key }) => key)).toEqual([sshd.hostKey])
    const printed = execFileSync('ssh-keygen', ['-l', '-f', '-'], { input: `${sshd.hostKey}\n` }).toString()
    expect(printed).toContain(` ${found[0]?.fingerprint} `)
  })
  it('says why there are none', async () => {
    await expect(keys.scan(sshd.address, 1)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('nothing answers ssh at port 1'),
    })
    await expect(keys.scan('no-such-host.invalid', 22)).rejects.toMatchObject({ message: 'There is no host named no-such-host.invalid' })
  })
  it.each(['-oProxyCommand=id', '', 'a b', 'a;b', 'a\nb', 'user@host', '/etc'])('takes %j for no address', async (address) => {
    await expect(keys.scan(address, 22)).rejects.toMatchObject({ code: 'invalid', field: 'address' })
  })
})

it('puts the best kind first and takes nothing else for a key', () => {
  const text = '# h:22 SSH-2.0-X\nh ssh-rsa AAAAB3Nz\nh ssh-ed25519 AAAAC3Nz\nh ssh-evil $(id)\n\n'
  expect(parseScan(text).map(({ kind }) => kind)).toEqual(['ssh-ed25519', 'ssh-rsa'])
})
