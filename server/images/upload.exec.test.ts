import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImageRequest } from '@/server/model/image-request'
import { anna, bert, imageService, sha256 } from './fixture-at'

const at = imageService()

describe('upload', () => {
  const put = (url: string, bytes: Uint8Array, range: string, init: RequestInit = {}) =>
    fetch(url, { method: 'PUT', body: Buffer.from(bytes), headers: { 'content-range': range }, ...init })

  it('goes on where it was cut, also after a restart, and becomes an image', async () => {
    const disk = await at.qcow2('a.qcow2')
    const size = disk.length
    const file = { host: 'local', fileName: '../../x.iso', sizeBytes: size, sha256: sha256(disk) }
    const ticket = await at.bench.images.openUpload(file, anna)
    let base = await at.serve((req, res) => at.bench.images.handleUpload(req, res, anna))
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

    await at.restart()
    base = await at.serve((req, res) => at.bench.images.handleUpload(req, res, anna))
    expect(await at.bench.images.openUpload(file, anna)).toMatchObject({ id: ticket.id, received: 51_000 })
    const wrong = await put(base + ticket.url, disk.subarray(0, 10), `bytes 0-9/${size}`)
    expect(wrong.status).toBe(409)
    expect(await wrong.json()).toMatchObject({ received: 51_000 })
    await expect(
      at.bench.images.request({ kind: 'import', host: 'local', upload: ticket.id, title: 'Mine', arch: 'x86_64', cloudInit: false }, anna),
    ).rejects.toThrow(/not finished/)
    await expect.poll(async () => (await put(base + ticket.url, disk.subarray(51_000), `bytes 51000-${size - 1}/${size}`)).status).toBe(200)

    await expect(
      at.bench.images.request({ kind: 'import', host: 'local', upload: ticket.id, title: 'Mine', arch: 'x86_64', cloudInit: false }, bert),
    ).rejects.toMatchObject({ code: 'not-found' })
    const job = await at.bench.run({
      kind: 'import',
      host: 'local',
      upload: ticket.id,
      title: '../../x.iso',
      arch: 'x86_64',
      cloudInit: false,
    })
    expect(job.error).toBeUndefined()
    const image = at.bench.images.list()[0]
    expect(image).toMatchObject({ id: 'x.iso', kind: 'disk', title: '../../x.iso' })
    expect(await readFile(image?.files.disk ?? '')).toEqual(disk)
    expect(await readdir(join(at.folder, 'data', 'uploads'))).toEqual([])
  })

  it('is nobody else’s, and takes neither more bytes nor another size', async () => {
    const ticket = await at.bench.images.openUpload({ host: 'local', fileName: 'a.raw', sizeBytes: 100 }, anna)
    const mine = await at.serve((req, res) => at.bench.images.handleUpload(req, res, anna))
    const theirs = await at.serve((req, res) => at.bench.images.handleUpload(req, res, bert))
    expect((await put(theirs + ticket.url, new Uint8Array(100), 'bytes 0-99/100')).status).toBe(404)
    expect((await put(mine + ticket.url, new Uint8Array(100), 'bytes 0-49/100')).status).toBe(400)
    expect((await put(mine + ticket.url, new Uint8Array(200), 'bytes 0-199/200')).status).toBe(400)
    expect((await put(mine + ticket.url, new Uint8Array(100), '')).status).toBe(400)
    expect((await put(`${mine}/upload/../../etc/passwd`, new Uint8Array(1), 'bytes 0-0/1')).status).toBe(404)
    const head = await fetch(mine + ticket.url, { method: 'HEAD' })
    expect(head.headers.get('upload-received')).toBe('0')
  })

  it('refuses what does not fit on the disk', async () => {
    await expect(at.bench.images.openUpload({ host: 'local', fileName: 'a', sizeBytes: 2 ** 42 }, anna)).rejects.toMatchObject({
      field: 'sizeBytes',
    })
    expect(await readdir(join(at.folder, 'data', 'uploads'))).toEqual([])
  })

  async function uploaded(bytes: Buffer, sum?: string): Promise<string> {
    const ticket = await at.bench.images.openUpload({ host: 'local', fileName: '-oProxy', sizeBytes: bytes.length, sha256: sum }, anna)
    const base = await at.serve((req, res) => at.bench.images.handleUpload(req, res, anna))
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
    const overlay = await uploaded(await at.qcow2('o.qcow2', '-u', '-b', '/etc/shadow', '-F', 'raw'))
    await expect(at.bench.images.request(ask(overlay), anna)).rejects.toThrow(/overlay on another file \(\/etc\/shadow\)/)
    const outside = await uploaded(await at.qcow2('d.qcow2', '-o', `data_file=${at.folder}/elsewhere`))
    await expect(at.bench.images.request(ask(outside), anna)).rejects.toThrow(/data in another file/)
  })

  it('keeps neither image nor upload when the checksum differs', async () => {
    const upload = await uploaded(Buffer.alloc(4096, 7), '0'.repeat(64))
    const job = await at.bench.run(ask(upload))
    expect(job.state).toBe('failed')
    expect(await at.left()).toEqual([])
    expect(existsSync(join(at.folder, 'data', 'uploads', upload))).toBe(false)
  })

  it('knows a CD, whatever it is called', async () => {
    const bytes = Buffer.alloc(40_000)
    bytes.write('CD001', 32_769)
    const job = await at.bench.run(ask(await uploaded(bytes)))
    expect(job.error).toBeUndefined()
    expect(at.bench.images.list()).toMatchObject([{ kind: 'iso', format: 'iso', cloudInit: false }])
  })
})
