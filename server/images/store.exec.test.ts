import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ExecError } from '@/server/exec/error'
import { anna, imageService, sha256 } from './fixture-at'
import { createBench } from './fixture-images'

const at = imageService()

describe('the store', () => {
  it('is silent about what was called off, and forgets nothing for it', async () => {
    const image = join(at.folder, 'store', 'images', 'tiny')
    await at.bench.exec.read(['mkdir', '-p', image])
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
    await at.bench.images.refresh('local')
    expect(at.bench.images.list()).toHaveLength(1)
    const off = new ExecError('cat was called off', { reason: 'aborted' })
    at.bench.inventory.exec = () => ({ ...at.bench.exec, readFile: () => Promise.reject(off) })
    await at.bench.images.prepare()
    await at.bench.images.refresh('local').catch(() => {})
    expect(at.bench.images.list()).toHaveLength(1)
    expect(at.bench.warnings).toEqual([])
  })

  it('names a broken image in the log and shows the others', async () => {
    const images = join(at.folder, 'store', 'images')
    await at.bench.exec.read(['mkdir', '-p', join(images, 'good'), join(images, 'bad'), join(images, 'half.part')])
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
    await at.bench.images.refresh('local')
    expect(at.bench.images.list().map(({ id }) => id)).toEqual(['good'])
    expect(at.bench.warnings).toHaveLength(1)
  })

  it('shows a host the images that its engines make guests from, and no others', async () => {
    const images = join(at.folder, 'store', 'images')
    const base = { arch: 'x86_64', cloudInit: false, createdAt: 1, source: 'built' }
    const put = async (id: string, file: object) => {
      await at.bench.exec.read(['mkdir', '-p', join(images, id)])
      await writeFile(join(images, id, 'disk.raw'), 'x')
      await writeFile(join(images, id, 'image.json'), JSON.stringify({ id, title: id, ...base, ...file }))
    }
    await put('disk', { kind: 'disk', files: { disk: 'disk.raw' } })
    await put('box', { kind: 'container', files: { alias: 'box' } })
    const seen = async (change: Parameters<typeof createBench>[1]) => {
      const other = createBench(at.folder, change)
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
    const far = createBench(at.folder, { transport: 'ssh' })
    const disk = Buffer.alloc(4096, 1)
    const base = await at.serve((_, res) => res.end(disk))
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
    expect(JSON.stringify(steps)).not.toContain(join(at.folder, 'store'))
    expect(await readdir(join(at.folder, 'far', 'images'))).toEqual(['far'])
    expect(far.images.list().map(({ files }) => files.disk)).toEqual([join(at.folder, 'far', 'images', 'far', 'disk.raw')])
    await far.close()
  })

  it('does not remove an image that a guest’s disk lies on, and removes it afterwards', async () => {
    const disk = await at.qcow2('a.qcow2')
    const base = await at.serve((_, res) => res.end(disk))
    await at.bench.run({
      kind: 'download',
      host: 'local',
      title: 'Base',
      url: `${base}/a.qcow2`,
      checksum: `sha256:${sha256(disk)}`,
      arch: 'x86_64',
      allowPrivate: true,
      cloudInit: false,
    })
    const guest = join(at.folder, 'store', 'guests', 'web')
    await at.bench.exec.read(['mkdir', '-p', guest])
    await at.bench.exec.read([
      'qemu-img',
      'create',
      '-q',
      '-f',
      'qcow2',
      '-F',
      'qcow2',
      '-b',
      at.bench.images.list()[0]?.files.disk ?? '',
      join(guest, 'disk.qcow2'),
    ])
    await expect(at.bench.images.request({ kind: 'remove', host: 'local', id: 'base' }, anna)).rejects.toThrow(/Used by web/)
    await rm(guest, { recursive: true })
    expect((await at.bench.run({ kind: 'remove', host: 'local', id: 'base' })).state).toBe('done')
    expect(at.bench.images.list()).toEqual([])
    expect(at.bench.events.at(-1)).toMatchObject({ type: 'image.removed', id: 'base' })
  })
})
