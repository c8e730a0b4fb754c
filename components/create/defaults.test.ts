import { describe, expect, it } from 'vitest'
import type { Image } from '@/server/model/image'
import { GiB, MiB } from '@/server/model/size'
import { defaultSize, sourceKey, sources } from './defaults'

const image = (id: string, change: Partial<Image> = {}): Image => ({
  id,
  host: 'local',
  title: id,
  kind: 'disk',
  arch: 'x86_64',
  files: {},
  sizeBytes: 1,
  cloudInit: true,
  createdAt: 0,
  source: 'built',
  ...change,
})
const images = [
  image('tiny-linux-aarch64', { kind: 'kernel', arch: 'aarch64' }),
  image('tiny-linux-x86_64', { kind: 'kernel', defaultMemoryBytes: 192 * MiB }),
  image('box', { kind: 'container' }),
  image('installer', { kind: 'iso' }),
  image('debian-12-x86_64', { virtualBytes: 4 * GiB }),
]

describe('what a guest starts from', () => {
  it('puts the own architecture first and offers an empty disk to VMs only', () => {
    expect(sources('vm', images, 'x86_64').map(sourceKey)).toEqual([
      'debian-12-x86_64',
      'tiny-linux-x86_64',
      'installer',
      'tiny-linux-aarch64',
      'empty',
    ])
    expect(sources('container', images, 'x86_64').map(sourceKey)).toEqual(['box'])
  })

  it('takes the size that the image asks for', () => {
    const tiny = images[1]
    if (!tiny) throw new Error('no image')
    expect(defaultSize('vm', { kind: 'image', image: tiny }, { cpus: 4, memoryBytes: 8 * GiB })).toEqual({
      cpus: 1,
      memoryBytes: 192 * MiB,
      diskBytes: 64 * MiB,
    })
  })

  it('never makes a disk smaller than the image in it', () => {
    const big = image('big', { virtualBytes: 40 * GiB, defaultDiskBytes: 10 * GiB })
    expect(defaultSize('vm', { kind: 'image', image: big }, undefined).diskBytes).toBe(40 * GiB)
  })

  it('asks for no more than half of the free memory, and no less than the image needs', () => {
    const limits = { cpus: 1, memoryBytes: 8 * GiB, memoryFreeBytes: 600 * MiB }
    expect(defaultSize('vm', { kind: 'empty' }, limits)).toEqual({ cpus: 1, memoryBytes: 300 * MiB, diskBytes: 10 * GiB })
    const needy = image('needy', { minMemoryBytes: 512 * MiB })
    expect(defaultSize('vm', { kind: 'image', image: needy }, limits).memoryBytes).toBe(512 * MiB)
  })
})
