import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImageRequest } from '@/server/model/image-request'
import { anna, imageService, sha256 } from './fixture-at'

const at = imageService()

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
    const disk = await at.qcow2('a.qcow2')
    const base = await at.serve((req, res) => res.end(req.url === '/SHA256SUMS' ? `${sha256(disk)}  disk.qcow2\n` : disk))
    const url = `${base}/disk.qcow2`
    await expect(at.bench.images.request(ask(url, `${base}/SHA256SUMS`, { allowPrivate: false }), anna)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('not on the public internet'),
    })
    const job = await at.bench.run(ask(url, `${base}/SHA256SUMS`))
    expect(job).toMatchObject({ state: 'done' })
    expect(at.bench.images.list('local')).toMatchObject([
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
    expect(at.bench.events.map((event) => event.type)).toContain('image')
  })

  it.each([
    'http://[::1]:9/x',
    'http://2130706433/x',
    'http://0x7f.1/x',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost:9/x',
    'http://[::ffff:10.0.0.1]/x',
  ])('refuses %s', async (url) => {
    await expect(at.bench.images.preview(ask(url, `sha256:${'0'.repeat(64)}`, { allowPrivate: false }))).rejects.toMatchObject({
      code: 'refused',
    })
  })

  it('refuses a redirect to another private name, even with leave for the first', async () => {
    const target = await at.serve((_, res) => res.end('secret'))
    const base = await at.serve((_, res) => res.writeHead(302, { location: target.replace('127.0.0.1', 'localhost') }).end())
    await expect(at.bench.images.request(ask(`${base}/disk.qcow2`, `sha256:${'0'.repeat(64)}`), anna)).rejects.toMatchObject({
      code: 'refused',
    })
  })

  it('gives up on endless redirects', async () => {
    const base = await at.serve((_, res) => res.writeHead(302, { location: '/again' }).end())
    await expect(at.bench.images.preview(ask(`${base}/x`, `sha256:${'0'.repeat(64)}`))).rejects.toThrow(/redirects/)
  })

  it('follows no redirect that appears after the check', async () => {
    const disk = await at.qcow2('a.qcow2')
    let asked = 0
    const secret = await at.serve((_, res) => res.end(disk))
    const base = await at.serve((_, res) => (asked++ === 0 ? res.end(disk) : res.writeHead(302, { location: secret }).end()))
    const job = await at.bench.run(ask(`${base}/disk.qcow2`, `sha256:${sha256(disk)}`))
    expect(asked).toBe(2)
    expect(job.state).toBe('failed')
    expect(await at.left()).toEqual([])
  })

  it('makes no image of a file whose checksum differs, and leaves nothing behind', async () => {
    const disk = await at.qcow2('a.qcow2')
    const base = await at.serve((_, res) => res.end(disk))
    const job = await at.bench.run(ask(`${base}/disk.qcow2`, `sha256:${'0'.repeat(64)}`))
    expect(job.state).toBe('failed')
    expect(job.error).toContain('Compare the checksum')
    expect(await at.left()).toEqual([])
    expect(at.bench.images.list()).toEqual([])
  })

  it('refuses a checksum file that does not list the file', async () => {
    const base = await at.serve((_, res) => res.end(`${'a'.repeat(64)}  other.qcow2\n`))
    await expect(at.bench.images.preview(ask(`${base}/disk.qcow2`, `${base}/SUMS`))).rejects.toMatchObject({ field: 'checksum' })
  })

  it('stops a disk that turns into an overlay or keeps data elsewhere after it was looked at', async () => {
    const plain = await at.qcow2('plain.qcow2')
    const evil = [
      await at.qcow2('overlay.qcow2', '-u', '-b', '/etc/shadow', '-F', 'raw'),
      await at.qcow2('outside.qcow2', '-o', `data_file=${at.folder}/elsewhere`),
    ]
    for (const disk of evil) {
      let asked = 0
      const base = await at.serve((_, res) => res.end(asked++ === 0 ? plain : disk))
      const job = await at.bench.run(ask(`${base}/disk.qcow2`, `sha256:${sha256(disk)}`))
      expect(job.state).toBe('failed')
      expect(job.error).toMatch(/Make sure it/)
      expect(await at.left()).toEqual([])
    }
  })

  it('unpacks xz', async () => {
    const disk = await at.qcow2('a.qcow2')
    await at.bench.exec.read(['xz', '-k', join(at.folder, 'a.qcow2')])
    const packed = await readFile(join(at.folder, 'a.qcow2.xz'))
    const base = await at.serve((_, res) => res.end(packed))
    const job = await at.bench.run(ask(`${base}/a.qcow2.xz`, `sha256:${sha256(packed)}`))
    expect(job.error).toBeUndefined()
    const path = at.bench.images.list()[0]?.files.disk ?? ''
    expect(await readFile(path)).toEqual(disk)
  })
})
