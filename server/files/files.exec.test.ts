import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shellFiles } from '@/server/engines/guest-files'
import { createUploads } from '@/server/images/uploads'
import { openFixtureHost } from '@/server/jobs/fixture-host'
import type { Files, Inventory, User } from '@/server/services'
import { createFiles } from './files'

const other: User = { id: 'u2', name: 'bert', role: 'admin' }
const web = { host: 'h', engine: 'incus', name: 'web' } as const
const within = () => AbortSignal.timeout(20_000)

let host: Awaited<ReturnType<typeof openFixtureHost>>
let uploads: ReturnType<typeof createUploads>
let files: Files
/** Where the "guest" keeps its files: its commands are this machine's. */
let room: string
beforeEach(async () => {
  host = await openFixtureHost()
  await host.put('web', 'running')
  room = join(host.dir, 'room')
  await mkdir(room)
  uploads = createUploads({ dir: join(host.dir, 'uploads') })
  const engine = { ...host.inventory.engine('h', 'incus'), files: async () => shellFiles((command) => command) }
  const inventory: Inventory = { ...host.inventory, engine: () => engine }
  files = createFiles({ inventory, jobs: host.jobs, uploads, dataDir: host.dir, limitBytes: 5_000_000 })
})
afterEach(async () => {
  await host.jobs.close()
  await host.close()
})

async function uploaded(bytes: Uint8Array, user = host.user): Promise<string> {
  const { id } = await files.openUpload({ guest: web, fileName: '../../etc/passwd', sizeBytes: bytes.length }, user)
  const upload = await uploads.get(id)
  if (!upload) throw new Error('no upload')
  await writeFile(upload.data, bytes)
  return id
}
const push = async (upload: string, name: string, replace = false) =>
  host.jobs.finished((await files.push({ guest: web, upload, path: join(room, name), replace }, host.user)).id)

describe('push', () => {
  it('writes what was uploaded under the name asked for, as a job with its progress', async () => {
    const bytes = randomBytes(2_000_000)
    const upload = await uploaded(bytes)
    const plan = await files.preview({ guest: web, path: join(room, 'a b'), replace: false, sizeBytes: bytes.length })
    expect(plan.steps[0]).toMatchObject({ title: `Write ${room}/a b in web`, stdin: '(the file that was uploaded: 1.9 MiB)' })
    expect(existsSync(join(room, 'a b'))).toBe(false)
    const job = await push(upload, 'a b')
    expect(job).toMatchObject({ state: 'done', title: 'Push a b to web', kind: 'file.push', guest: 'h~incus~web' })
    expect((await readFile(join(room, 'a b'))).equals(bytes)).toBe(true)
    expect(JSON.stringify(job)).not.toContain(upload)
    expect(host.published.some(({ progressText }) => progressText?.endsWith('of 1.9 MiB'))).toBe(true)
    expect(host.audited).toContainEqual(expect.objectContaining({ user: 'u1', action: 'file.push', target: 'h~incus~web', ok: true }))
    // It has arrived: nothing of it stays here.
    expect(await readdir(join(host.dir, 'uploads'))).toEqual([])
  })

  it('refuses what is not whole, too large, somebody else’s or meant for another', async () => {
    const { id } = await files.openUpload({ guest: web, fileName: 'a', sizeBytes: 10 }, host.user)
    await expect(push(id, 'a')).rejects.toMatchObject({ code: 'refused', message: /not arrived whole/ })
    await expect(files.openUpload({ guest: web, fileName: 'a', sizeBytes: 6_000_000 }, host.user)).rejects.toMatchObject({
      code: 'refused',
      field: 'sizeBytes',
      message: /at most 4.8 MiB/,
    })
    await expect(push(await uploaded(Buffer.from('x'), other), 'a')).rejects.toMatchObject({ code: 'not-found' })
    const forImages = await uploads.open({ host: 'h', fileName: 'a', sizeBytes: 0, user: host.user.id })
    await expect(push(forImages.id, 'a')).rejects.toMatchObject({ code: 'not-found' })
    await expect(push('0'.repeat(32), 'a')).rejects.toMatchObject({ code: 'not-found' })
    expect(await readdir(room)).toEqual([])
  })

  it('says why it failed, leaves no draft, and keeps the upload for another try', async () => {
    await writeFile(join(room, 'there'), 'mine')
    const upload = await uploaded(Buffer.from('new'))
    expect(await push(upload, 'there')).toMatchObject({ state: 'failed', error: expect.stringContaining('There is such a file already') })
    expect(await readFile(join(room, 'there'), 'utf8')).toBe('mine')
    expect(await push(upload, 'there', true)).toMatchObject({ state: 'done' })
    expect(await readdir(room)).toEqual(['there'])
  })

  it('is refused for a guest that does not run, before anything is sent', async () => {
    await host.put('web', 'stopped')
    await expect(files.openUpload({ guest: web, fileName: 'a', sizeBytes: 1 }, host.user)).rejects.toMatchObject({ message: /not running/ })
    await expect(files.list(web, '/', within())).rejects.toMatchObject({ code: 'refused' })
    await expect(files.pull(web, '/etc/passwd', within())).rejects.toMatchObject({ code: 'refused' })
    await expect(files.list({ ...web, name: 'none' }, '/', within())).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('pull', () => {
  const all = async (bytes: AsyncIterable<Uint8Array>) => {
    const pieces: Uint8Array[] = []
    for await (const piece of bytes) pieces.push(piece)
    return Buffer.concat(pieces)
  }

  it('gives a file whole, with its size first', async () => {
    const bytes = randomBytes(3_000_000)
    await writeFile(join(room, 'a'), bytes)
    expect(await files.sizeOf(web, join(room, 'a'), within())).toBe(3_000_000)
    const found = await files.pull(web, join(room, 'a'), within())
    expect(found.sizeBytes).toBe(3_000_000)
    expect((await all(found.bytes)).equals(bytes)).toBe(true)
    await writeFile(join(room, 'empty'), '')
    expect((await all((await files.pull(web, join(room, 'empty'), within())).bytes)).length).toBe(0)
  })

  it('refuses what is too large, no file, or not there', async () => {
    await writeFile(join(room, 'big'), Buffer.alloc(5_000_001))
    await expect(files.pull(web, join(room, 'big'), within())).rejects.toMatchObject({ message: /at most 4.8 MiB/ })
    await expect(files.sizeOf(web, join(room, 'big'), within())).rejects.toMatchObject({ code: 'refused' })
    await expect(files.pull(web, room, within())).rejects.toMatchObject({ message: 'It is a folder' })
    await expect(files.pull(web, join(room, 'none'), within())).rejects.toMatchObject({ message: 'There is no such file' })
    await expect(files.pull(web, '/dev/zero', within())).rejects.toMatchObject({ message: 'It is no plain file' })
  })

  /** A guest whose commands say what they like. */
  const lying = (script: string) => {
    const lie = { argv: ['/bin/sh', '-c', script] } as const
    const target = { list: () => lie, read: () => lie, write: () => lie }
    const engine = { ...host.inventory.engine('h', 'incus'), files: async () => target }
    return createFiles({
      inventory: { ...host.inventory, engine: () => engine },
      jobs: host.jobs,
      uploads,
      dataDir: host.dir,
      limitBytes: 100,
    })
  }

  it('passes on no more than was told, and does not take less for the whole', async () => {
    const more = await lying('echo 5; yes').pull(web, '/a', within())
    expect((await all(more.bytes)).toString()).toBe('y\ny\ny')
    const less = await lying('echo 50; echo short').pull(web, '/a', within())
    await expect(all(less.bytes)).rejects.toThrow(/ended 44 B early/)
  })

  it.each(['echo many', 'echo -5', 'yes 1 | tr -d "\\n"', 'echo 99999999999999999999', ':'])('takes no size from “%s”', async (script) => {
    await expect(lying(script).pull(web, '/a', within())).rejects.toMatchObject({ code: 'refused' })
  })

  it('ends the command in the guest when the reader goes away', async () => {
    const pidFile = join(host.dir, 'pid')
    const gone = new AbortController()
    const { bytes } = await lying(`echo $$ > ${pidFile}; echo 90; exec sleep 600`).pull(web, '/a', gone.signal)
    const reading = all(bytes)
    gone.abort()
    await expect(reading).rejects.toThrow()
    const pid = (await readFile(pidFile, 'utf8')).trim()
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'Z')
    expect(stat).toMatch(/Z/)
  })
})
