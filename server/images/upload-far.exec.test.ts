import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Sshd, startSshd } from '@/e2e/hosts/sshd'
import type { EngineHost } from '@/server/engines/types'
import { sshOf } from '@/server/exec/fixtures/hosts'
import { createSshExec, type SshExec } from '@/server/exec/ssh'
import type { Operation } from '@/server/model/operation'
import type { Plan } from '@/server/model/plan'
import type { User } from '@/server/services'
import { type Bench, createBench } from './fixture-images'
import { sendStep } from './send-step'

const anna: User = { id: 'u-anna', name: 'anna', role: 'admin' }
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let folder: string
let sshd: Sshd
let exec: SshExec
let bench: Bench
let server: Server
let base: string

/** The images of a host that is reached over ssh, as a user who may not read what the dashboard keeps. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-far-'))
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'far'))
  await chmod(join(folder, 'far'), 0o777)
  await mkdir(join(folder, 'data'), { mode: 0o700 })
  sshd = await startSshd({ user: 'keeper' })
  exec = createSshExec(sshOf(sshd))
  bench = createBench(folder, { transport: 'ssh' })
  bench.inventory.exec = () => exec
  server = createServer((req, res) => void bench.images.handleUpload(req, res, anna))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterEach(async () => {
  await bench.close()
  await exec.close()
  await sshd.stop()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

async function uploaded(bytes: Buffer, more: { sha256?: string; medium?: boolean } = {}): Promise<string> {
  const ticket = await bench.images.openUpload({ host: 'local', fileName: 'a', sizeBytes: bytes.length, ...more }, anna)
  const headers = { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` }
  expect((await fetch(base + ticket.url, { method: 'PUT', body: Uint8Array.from(bytes), headers })).status).toBe(200)
  return ticket.id
}
const ask = (upload: string) => ({ kind: 'import', host: 'local', upload, title: 'Mine', arch: 'x86_64', cloudInit: false }) as const

describe('an upload for a host over ssh', () => {
  it('goes on to that host, is checked there, and leaves nothing here', async () => {
    const disk = randomBytes(5 * 1024 * 1024)
    const upload = await uploaded(disk, { sha256: sha256(disk) })
    const job = await bench.run(ask(upload))
    expect(job.error).toBeUndefined()
    expect(job.steps.map(({ title }) => title)).toContain('Send the file to the host')
    const path = bench.images.list()[0]?.files.disk ?? ''
    expect(path).toBe(join(folder, 'far', 'images', 'mine', 'disk.raw'))
    expect((await readFile(path)).equals(disk)).toBe(true)
    // The user of the host wrote it, and QEMU's own user may read it.
    expect((await stat(path)).uid).toBe(Number(await exec.read(['id', '-u'])))
    expect((await stat(path)).mode & 0o777).toBe(0o644)
    expect(existsSync(join(folder, 'data', 'uploads', upload))).toBe(false)
  })

  it('that is not what it should be makes no image, and is forgotten', async () => {
    const upload = await uploaded(Buffer.alloc(4096, 7), { sha256: '0'.repeat(64) })
    expect((await bench.run(ask(upload))).state).toBe('failed')
    expect(await readdir(join(folder, 'far', 'images'))).toEqual([])
    expect(existsSync(join(folder, 'data', 'uploads', upload))).toBe(false)
  })

  it('that does not reach it is kept, to be sent again', async () => {
    const upload = await uploaded(Buffer.alloc(4096, 7))
    const job = await bench.images.request(ask(upload), anna)
    await sshd.kill()
    expect((await bench.jobs.finished(job.id)).state).toBe('failed')
    await sshd.start()
    const back = () =>
      exec.run(['true']).then(
        () => true,
        () => false,
      )
    await expect.poll(back, { timeout: 10_000 }).toBe(true)
    expect(existsSync(join(folder, 'data', 'uploads', upload))).toBe(true)
    const again = await bench.run(ask(upload))
    expect(again.error).toBeUndefined()
  })

  it('is not taken for whole when it ended early', async () => {
    const data = join(folder, 'short')
    await writeFile(data, Buffer.alloc(1000))
    const { argv } = {
      argv: ['true'] as const,
      ...sendStep({ id: '', user: '', host: '', fileName: '', createdAt: 0, sizeBytes: 1001, data }, join(folder, 'far', 'a')),
    }
    expect((await exec.run(argv, { stdin: await readFile(data) })).code).toBe(1)
    expect((await exec.run(argv, { stdin: Buffer.alloc(1001) })).code).toBe(0)
  })
})

describe('an upload for the media of an engine', () => {
  const cd = Buffer.alloc(40_000)
  cd.write('CD001', 32_769)

  /** An engine that takes files in by moving them. */
  function withEngine(): Operation[] {
    const asked: Operation[] = []
    const plan = async (operation: Operation): Promise<Plan> => {
      asked.push(operation)
      if (operation.kind !== 'media.add') throw new Error('Not part of this test')
      const target = join(folder, 'far', operation.medium)
      const move = { title: 'Take it in', argv: ['mv', '--', operation.path, target] as const }
      return { steps: [move], expect: { kind: 'file', path: target, present: true }, warnings: [], locks: [] }
    }
    const engine: Pick<EngineHost, 'plan'> = { plan }
    bench.inventory.engine = () => ({ ...missing, ...engine })
    return asked
  }
  const unused = () => expect.fail('Not part of this test')
  const missing: EngineHost = {
    info: { kind: 'cbsd', name: 'CBSD', version: '', details: [], guestTypes: {}, arches: [], operations: {} },
    list: unused,
    get: unused,
    inspect: unused,
    plan: unused,
    console: unused,
    catalog: unused,
    snapshots: unused,
  }

  it('arrives on the host and is handed to it', async () => {
    const asked = withEngine()
    const upload = await uploaded(cd, { medium: true })
    const job = await bench.run({ kind: 'medium', host: 'local', upload, medium: 'own.iso' })
    expect(job.error).toBeUndefined()
    expect(asked).toMatchObject([{ kind: 'media.add', medium: 'own.iso', path: `/var/tmp/bailiwick-${upload}` }])
    expect((await readFile(join(folder, 'far', 'own.iso'))).equals(cd)).toBe(true)
    expect(existsSync(`/var/tmp/bailiwick-${upload}`)).toBe(false)
    expect(existsSync(join(folder, 'data', 'uploads', upload))).toBe(false)
  })

  it('leaves nothing on the host when the engine does not take it', async () => {
    withEngine()
    await mkdir(join(folder, 'far', 'own.iso'))
    await chmod(join(folder, 'far', 'own.iso'), 0o500)
    const upload = await uploaded(cd, { medium: true })
    expect((await bench.run({ kind: 'medium', host: 'local', upload, medium: 'own.iso' })).state).toBe('failed')
    expect(existsSync(`/var/tmp/bailiwick-${upload}`)).toBe(false)
  })

  it('is refused when it is no CD', async () => {
    withEngine()
    const upload = await uploaded(Buffer.alloc(40_000), { medium: true })
    await expect(bench.images.request({ kind: 'medium', host: 'local', upload, medium: 'own.iso' }, anna)).rejects.toThrow(/no CD image/)
  })
})
