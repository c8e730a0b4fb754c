import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ExecError } from '@/server/exec/error'
import type { ImageRequest } from '@/server/model/image-request'
import type { User } from '@/server/services'
import { type Bench, createBench } from './fixture-images'

const anna: User = { id: 'u-anna', name: 'anna', role: 'admin' }
const bert: User = { id: 'u-bert', name: 'bert', role: 'admin' }

let folder: string
let bench: Bench
const servers: Server[] = []

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-images-'))
  bench = createBench(folder)
})
afterEach(async () => {
  await bench.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await rm(folder, { recursive: true, force: true })
})

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const left = () => readdir(join(folder, 'store', 'images')).catch(() => [])

async function qcow2(name: string, ...more: string[]): Promise<Buffer> {
  const path = join(folder, name)
  await bench.exec.read(['qemu-img', 'create', '-q', '-f', 'qcow2', ...more, path, '4M'])
  return readFile(path)
}

describe('download', () => {
  const ask = (url: string, checksum: string, more: Partial<Extract<ImageRequest, { kind: 'download' }>> = {}): ImageRequest => ({
    kind: 'download',
    host: 'local',
    title: 'From afar',
    url,
    checksum,
    arch: 'x86_64',
    allowPrivate: true,
    cloudInit: true,
    ...more,
  })

  it('refuses a private address, and takes it with leave and a checksum file', async () => {
    const disk = await qcow2('a.qcow2')
    const base = await serve((req, res) => res.end(req.url === '/SHA256SUMS' ? `${sha256(disk)}  disk.qcow2\n` : disk))
    const url = `${base}/disk.qcow2`
    await expect(bench.images.request(ask(url, `${base}/SHA256SUMS`, { allowPrivate: false }), anna)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('not on the public internet'),
    })
    const job = await bench.run(ask(url, `${base}/SHA256SUMS`))
    expect(job).toMatchObject({ state: 'done' })
    expect(bench.images.list('local')).toMatchObject([
      {
        id: 'from-afar',
        kind: 'disk',
        format: 'qcow2',
        virtualBytes: 4 * 1024 * 1024,
        source: 'url',
        sha256: sha256(disk),
        cloudInit: true,
      },
    ])
    expect(bench.events.map((event) => event.type)).toContain('image')
  })

  it.each([
    'http://[::1]:9/x',
    'http://2130706433/x',
    'http://0x7f.1/x',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost:9/x',
    'http://[::ffff:10.0.0.1]/x',
  ])('refuses %s', async (url) => {
    await expect(bench.images.preview(ask(url, `sha256:${'0'.repeat(64)}`, { allowPrivate: false }))).rejects.toMatchObject({
      code: 'refused',
    })
  })

  it('refuses a redirect to another private name, even with leave for the first', async () => {
    const target = await serve((_, res) => res.end('secret'))
    const base = await serve((_, res) => res.writeHead(302, { location: target.replace('127.0.0.1', 'localhost') }).end())
    await expect(bench.images.request(ask(`${base}/disk.qcow2`, `sha256:${'0'.repeat(64)}`), anna)).rejects.toMatchObject({
      code: 'refused',
    })
  })

  it('gives up on endless redirects', async () => {
    const base = await serve((_, res) => res.writeHead(302, { location: '/again' }).end())
    await expect(bench.images.preview(ask(`${base}/x`, `sha256:${'0'.repeat(64)}`))).rejects.toThrow(/redirects/)
  })

  it('follows no redirect that appears after the check', async () => {
    const disk = await qcow2('a.qcow2')
    let asked = 0
    const secret = await serve((_, res) => res.end(disk))
    const base = await serve((_, res) => (asked++ === 0 ? res.end(disk) : res.writeHead(302, { location: secret }).end()))
    const job = await bench.run(ask(`${base}/disk.qcow2`, `sha256:${sha256(disk)}`))
    expect(asked).toBe(2)
    expect(job.state).toBe('failed')
    expect(await left()).toEqual([])
  })

  it('makes no image of a file whose checksum differs, and leaves nothing behind', async () => {
    const disk = await qcow2('a.qcow2')
    const base = await serve((_, res) => res.end(disk))
    const job = await bench.run(ask(`${base}/disk.qcow2`, `sha256:${'0'.repeat(64)}`))
    expect(job.state).toBe('failed')
    expect(job.error).toContain('Compare the checksum')
    expect(await left()).toEqual([])
    expect(bench.images.list()).toEqual([])
  })

  it('refuses a checksum file that does not list the file', async () => {
    const base = await serve((_, res) => res.end(`${'a'.repeat(64)}  other.qcow2\n`))
    await expect(bench.images.preview(ask(`${base}/disk.qcow2`, `${base}/SUMS`))).rejects.toMatchObject({ field: 'checksum' })
  })

  it('stops a disk that turns into an overlay or keeps data elsewhere after it was looked at', async () => {
    const plain = await qcow2('plain.qcow2')
    const evil = [
      await qcow2('overlay.qcow2', '-u', '-b', '/etc/shadow', '-F', 'raw'),
      await qcow2('outside.qcow2', '-o', `data_file=${folder}/elsewhere`),
    ]
    for (const disk of evil) {
      let asked = 0
      const base = await serve((_, res) => res.end(asked++ === 0 ? plain : disk))
      const job = await bench.run(ask(`${base}/disk.qcow2`, `sha256:${sha256(disk)}`))
      expect(job.state).toBe('failed')
      expect(job.error).toMatch(/Make sure it/)
      expect(await left()).toEqual([])
    }
  })

  it('unpacks xz', async () => {
    const disk = await qcow2('a.qcow2')
    await bench.exec.read(['xz', '-k', join(folder, 'a.qcow2')])
    const packed = await readFile(join(folder, 'a.qcow2.xz'))
    const base = await serve((_, res) => res.end(packed))
    const job = await bench.run(ask(`${base}/a.qcow2.xz`, `sha256:${sha256(packed)}`))
    expect(job.error).toBeUndefined()
    const path = bench.images.list()[0]?.files.disk ?? ''
    expect(await readFile(path)).toEqual(disk)
  })
})

describe('upload', () => {
  const put = (url: string, bytes: Uint8Array, range: string, init: RequestInit = {}) =>
    fetch(url, { method: 'PUT', body: Buffer.from(bytes), headers: { 'content-range': range }, ...init })

  it('goes on where it was cut, also after a restart, and becomes an image', async () => {
    const disk = await qcow2('a.qcow2')
    const size = disk.length
    const file = { host: 'local', fileName: '../../x.iso', sizeBytes: size, sha256: sha256(disk) }
    const ticket = await bench.images.openUpload(file, anna)
    let base = await serve((req, res) => bench.images.handleUpload(req, res, anna))
    expect((await put(base + ticket.url, disk.subarray(0, 1000), `bytes 0-999/${size}`)).status).toBe(200)

    // A connection that breaks in the middle of its range: what had come counts.
    const abort = new AbortController()
    const broken = fetch(base + ticket.url, {
      method: 'PUT',
      headers: { 'content-range': `bytes 1000-${size - 1}/${size}` },
      body: new ReadableStream({
        start(stream) {
          stream.enqueue(new Uint8Array(disk.subarray(1000, 51_000)))
        },
      }),
      signal: abort.signal,
      ...{ duplex: 'half' },
    }).catch(() => {})
    const received = async () => Number((await fetch(base + ticket.url, { method: 'HEAD' })).headers.get('upload-received'))
    await expect.poll(received, { timeout: 5000 }).toBe(51_000)
    abort.abort()
    await broken

    await bench.close()
    bench = createBench(folder)
    base = await serve((req, res) => bench.images.handleUpload(req, res, anna))
    expect(await bench.images.openUpload(file, anna)).toMatchObject({ id: ticket.id, received: 51_000 })
    const wrong = await put(base + ticket.url, disk.subarray(0, 10), `bytes 0-9/${size}`)
    expect(wrong.status).toBe(409)
    expect(await wrong.json()).toMatchObject({ received: 51_000 })
    await expect(
      bench.images.request({ kind: 'import', host: 'local', upload: ticket.id, title: 'Mine', arch: 'x86_64', cloudInit: false }, anna),
    ).rejects.toThrow(/not finished/)
    await expect.poll(async () => (await put(base + ticket.url, disk.subarray(51_000), `bytes 51000-${size - 1}/${size}`)).status).toBe(200)

    await expect(
      bench.images.request({ kind: 'import', host: 'local', upload: ticket.id, title: 'Mine', arch: 'x86_64', cloudInit: false }, bert),
    ).rejects.toMatchObject({ code: 'not-found' })
    const job = await bench.run({
      kind: 'import',
      host: 'local',
      upload: ticket.id,
      title: '../../x.iso',
      arch: 'x86_64',
      cloudInit: false,
    })
    expect(job.error).toBeUndefined()
    const image = bench.images.list()[0]
    expect(image).toMatchObject({ id: 'x.iso', kind: 'disk', title: '../../x.iso' })
    expect(await readFile(image?.files.disk ?? '')).toEqual(disk)
    expect(await readdir(join(folder, 'data', 'uploads'))).toEqual([])
  })

  it('is nobody else’s, and takes neither more bytes nor another size', async () => {
    const ticket = await bench.images.openUpload({ host: 'local', fileName: 'a.raw', sizeBytes: 100 }, anna)
    const mine = await serve((req, res) => bench.images.handleUpload(req, res, anna))
    const theirs = await serve((req, res) => bench.images.handleUpload(req, res, bert))
    expect((await put(theirs + ticket.url, new Uint8Array(100), 'bytes 0-99/100')).status).toBe(404)
    expect((await put(mine + ticket.url, new Uint8Array(100), 'bytes 0-49/100')).status).toBe(400)
    expect((await put(mine + ticket.url, new Uint8Array(200), 'bytes 0-199/200')).status).toBe(400)
    expect((await put(mine + ticket.url, new Uint8Array(100), '')).status).toBe(400)
    expect((await put(`${mine}/upload/../../etc/passwd`, new Uint8Array(1), 'bytes 0-0/1')).status).toBe(404)
    const head = await fetch(mine + ticket.url, { method: 'HEAD' })
    expect(head.headers.get('upload-received')).toBe('0')
  })

  it('refuses what does not fit on the disk', async () => {
    await expect(bench.images.openUpload({ host: 'local', fileName: 'a', sizeBytes: 2 ** 42 }, anna)).rejects.toMatchObject({
      field: 'sizeBytes',
    })
    expect(await readdir(join(folder, 'data', 'uploads'))).toEqual([])
  })

  async function uploaded(bytes: Buffer, sum?: string): Promise<string> {
    const ticket = await bench.images.openUpload({ host: 'local', fileName: '-oProxy', sizeBytes: bytes.length, sha256: sum }, anna)
    const base = await serve((req, res) => bench.images.handleUpload(req, res, anna))
    expect((await put(base + ticket.url, bytes, `bytes 0-${bytes.length - 1}/${bytes.length}`)).status).toBe(200)
    return ticket.id
  }
  const ask = (upload: string, title = 'Mine'): ImageRequest => ({
    kind: 'import',
    host: 'local',
    upload,
    title,
    arch: 'x86_64',
    cloudInit: true,
  })

  it('refuses a disk with a backing file or an external data file', async () => {
    const overlay = await uploaded(await qcow2('o.qcow2', '-u', '-b', '/etc/shadow', '-F', 'raw'))
    await expect(bench.images.request(ask(overlay), anna)).rejects.toThrow(/overlay on another file \(\/etc\/shadow\)/)
    const outside = await uploaded(await qcow2('d.qcow2', '-o', `data_file=${folder}/elsewhere`))
    await expect(bench.images.request(ask(outside), anna)).rejects.toThrow(/data in another file/)
  })

  it('keeps neither image nor upload when the checksum differs', async () => {
    const upload = await uploaded(Buffer.alloc(4096, 7), '0'.repeat(64))
    const job = await bench.run(ask(upload))
    expect(job.state).toBe('failed')
    expect(await left()).toEqual([])
    expect(existsSync(join(folder, 'data', 'uploads', upload))).toBe(false)
  })

  it('knows a CD, whatever it is called', async () => {
    const bytes = Buffer.alloc(40_000)
    bytes.write('CD001', 32_769)
    const job = await bench.run(ask(await uploaded(bytes)))
    expect(job.error).toBeUndefined()
    expect(bench.images.list()).toMatchObject([{ kind: 'iso', format: 'iso', cloudInit: false }])
  })
})

describe('the store', () => {
  it('is silent about what was called off, and forgets nothing for it', async () => {
    const image = join(folder, 'store', 'images', 'tiny')
    await bench.exec.read(['mkdir', '-p', image])
    await writeFile(join(image, 'vmlinuz'), 'x')
    const file = {
      title: 'Tiny',
      kind: 'kernel',
      arch: 'x86_64',
      files: { kernel: 'vmlinuz' },
      cloudInit: false,
      createdAt: 1,
      source: 'built',
    }
    await writeFile(join(image, 'image.json'), JSON.stringify({ id: 'tiny', ...file }))
    await bench.images.refresh('local')
    expect(bench.images.list()).toHaveLength(1)
    const off = new ExecError('cat was called off', { reason: 'aborted' })
    bench.inventory.exec = () => ({ ...bench.exec, readFile: () => Promise.reject(off) })
    await bench.images.prepare()
    await bench.images.refresh('local').catch(() => {})
    expect(bench.images.list()).toHaveLength(1)
    expect(bench.warnings).toEqual([])
  })

  it('names a broken image in the log and shows the others', async () => {
    const images = join(folder, 'store', 'images')
    await bench.exec.read(['mkdir', '-p', join(images, 'good'), join(images, 'bad'), join(images, 'half.part')])
    const file = {
      title: 'Good',
      kind: 'disk',
      arch: 'x86_64',
      files: { disk: 'disk.raw' },
      cloudInit: false,
      createdAt: 1,
      source: 'built',
    }
    await writeFile(join(images, 'good', 'disk.raw'), 'x')
    await writeFile(join(images, 'good', 'image.json'), JSON.stringify({ id: 'good', ...file }))
    await writeFile(join(images, 'bad', 'image.json'), JSON.stringify({ id: 'bad', ...file, files: { disk: '../good/disk.raw' } }))
    await bench.images.refresh('local')
    expect(bench.images.list().map(({ id }) => id)).toEqual(['good'])
    expect(bench.warnings).toHaveLength(1)
  })

  it('shows a host the images that its engines make guests from, and no others', async () => {
    const images = join(folder, 'store', 'images')
    const base = { arch: 'x86_64', cloudInit: false, createdAt: 1, source: 'built' }
    const put = async (id: string, file: object) => {
      await bench.exec.read(['mkdir', '-p', join(images, id)])
      await writeFile(join(images, id, 'disk.raw'), 'x')
      await writeFile(join(images, id, 'image.json'), JSON.stringify({ id, title: id, ...base, ...file }))
    }
    await put('disk', { kind: 'disk', files: { disk: 'disk.raw' } })
    await put('box', { kind: 'container', files: { alias: 'box' } })
    const seen = async (change: Parameters<typeof createBench>[1]) => {
      const other = createBench(folder, change)
      await other.images.refresh('local')
      const ids = other.images.list().map(({ id }) => id)
      const build = await other.images.preview({ kind: 'build', host: 'local', recipe: 'debian-container', arch: 'x86_64' }).then(
        () => 'planned',
        (error: Error) => error.message,
      )
      await other.close()
      return { ids, build }
    }
    expect((await seen({ libvirtUri: 'qemu:///system' })).ids).toEqual(['box', 'disk'])
    expect((await seen({ libvirtUri: 'qemu+unix:///session', incusDir: '' })).ids).toEqual(['disk'])
    expect((await seen({ libvirtUri: 'test:///default' })).ids).toEqual(['box'])
    const nothing = await seen({ libvirtUri: 'test:///default', incusDir: '' })
    expect(nothing).toEqual({ ids: [], build: 'local makes no containers from images here' })
    expect((await seen({ libvirtUri: 'qemu+ssh://other/system', incusDir: '' })).ids).toEqual([])
  })

  it('of another machine is a folder of its own there', async () => {
    const far = createBench(folder, { transport: 'ssh' })
    const disk = Buffer.alloc(4096, 1)
    const base = await serve((_, res) => res.end(disk))
    const checksum = `sha256:${sha256(disk)}`
    const ask = {
      kind: 'download',
      host: 'local',
      title: 'Far',
      url: `${base}/a.raw`,
      checksum,
      arch: 'x86_64',
      allowPrivate: true,
    } as const
    const { state, steps } = await far.run({ ...ask, cloudInit: false })
    expect(state).toBe('done')
    expect(JSON.stringify(steps)).not.toContain(join(folder, 'store'))
    expect(await readdir(join(folder, 'far', 'images'))).toEqual(['far'])
    expect(far.images.list().map(({ files }) => files.disk)).toEqual([join(folder, 'far', 'images', 'far', 'disk.raw')])
    await far.close()
  })

  it('does not remove an image that a guest’s disk lies on, and removes it afterwards', async () => {
    const disk = await qcow2('a.qcow2')
    const base = await serve((_, res) => res.end(disk))
    await bench.run({
      kind: 'download',
      host: 'local',
      title: 'Base',
      url: `${base}/a.qcow2`,
      checksum: `sha256:${sha256(disk)}`,
      arch: 'x86_64',
      allowPrivate: true,
      cloudInit: false,
    })
    const guest = join(folder, 'store', 'guests', 'web')
    await bench.exec.read(['mkdir', '-p', guest])
    await bench.exec.read([
      'qemu-img',
      'create',
      '-q',
      '-f',
      'qcow2',
      '-F',
      'qcow2',
      '-b',
      bench.images.list()[0]?.files.disk ?? '',
      join(guest, 'disk.qcow2'),
    ])
    await expect(bench.images.request({ kind: 'remove', host: 'local', id: 'base' }, anna)).rejects.toThrow(/Used by web/)
    await rm(guest, { recursive: true })
    expect((await bench.run({ kind: 'remove', host: 'local', id: 'base' })).state).toBe('done')
    expect(bench.images.list()).toEqual([])
    expect(bench.events.at(-1)).toMatchObject({ type: 'image.removed', id: 'base' })
  })
})
