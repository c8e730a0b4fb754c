import { describe, expect, it } from 'vitest'
import { imageId } from '@/server/model/image-request'
import { parseContentRange } from './content-range'
import { readHeader } from './header'
import { slug, urlFileName } from './names'
import { isPart } from './paths'
import { acceptHeader } from './plan-import'

describe('parseContentRange', () => {
  it('reads a range', () => expect(parseContentRange('bytes 0-99/100')).toEqual({ from: 0, to: 99, total: 100 }))
  it.each([
    undefined,
    '',
    'bytes 0-99',
    'bytes 0-100/100',
    'bytes 5-4/10',
    'bytes */100',
    'bytes 0-9/*',
    'items 0-1/2',
    'bytes -1-4/9',
    'bytes 0-1/99999999999999999999',
    'bytes 0-1/2, 3-4/5',
  ])('refuses %s', (header) => expect(parseContentRange(header)).toBeNull())
})

describe('acceptHeader', () => {
  it('takes a raw disk of whole sectors and nothing that merely looks like no other format', () => {
    expect(acceptHeader({ kind: 'raw' }, 1024 * 1024)).toBe('raw')
    expect(() => acceptHeader({ kind: 'raw' }, 11)).toThrow('no disk image')
    expect(() => acceptHeader({ kind: 'raw' }, 0)).toThrow('no disk image')
  })
})

describe('slug', () => {
  it.each([
    '../../x.iso',
    '-oProxyCommand=touch',
    `${'x'.repeat(300)}.iso`,
    'a\u202egpj.iso',
    'Ärger mit Ümläuten',
    '…',
    'CON',
    'x.part',
    '$(reboot)',
    "';touch x;'",
    '..',
    'a/../../b',
    '\0',
  ])('makes a safe id of %j', (title) => {
    const id = slug(title)
    expect(imageId.safeParse(id).success).toBe(true)
    expect(isPart(id)).toBe(false)
    expect(id).not.toContain('..')
  })
  it('keeps what a person would recognise', () => expect(slug('Debian 12 (generic)')).toBe('debian-12-generic'))
})

describe('urlFileName', () => {
  it('is the last part, decoded', () => expect(urlFileName('https://x/a/b%20c.img?d=/e')).toBe('b c.img'))
  it('survives broken escapes', () => expect(urlFileName('https://x/a%zz.img')).toBe('a%zz.img'))
})

describe('readHeader', () => {
  const qcow2 = (edit: (view: DataView) => void) => {
    const bytes = new Uint8Array(104)
    bytes.set([0x51, 0x46, 0x49, 0xfb])
    const view = new DataView(bytes.buffer)
    view.setUint32(4, 3)
    view.setBigUint64(24, 1048576n)
    edit(view)
    return readHeader(bytes)
  }
  it('reads a plain qcow2', () => expect(qcow2(() => {})).toEqual({ kind: 'qcow2', virtualBytes: 1048576, externalData: false }))
  it('sees an external data file', () => expect(qcow2((view) => view.setUint32(76, 4))).toMatchObject({ externalData: true }))
  it('does not read features into a version 2 header', () =>
    expect(
      qcow2((view) => {
        view.setUint32(4, 2)
        view.setUint32(76, 4)
      }),
    ).toMatchObject({ externalData: false }))
  it('sees a backing file even when its name is out of reach', () =>
    expect(
      qcow2((view) => {
        view.setBigUint64(8, 70000n)
        view.setUint32(16, 20)
      }),
    ).toMatchObject({ backing: '' }))
  it('knows packed and foreign files', () => {
    expect(readHeader(new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]))).toEqual({ kind: 'packed', by: 'xz' })
    expect(readHeader(new TextEncoder().encode('KDMV...'))).toEqual({ kind: 'foreign', name: 'VMDK' })
  })
  it('knows a CD by its 16th sector', () => {
    const bytes = new Uint8Array(32_774)
    bytes.set(new TextEncoder().encode('CD001'), 32_769)
    expect(readHeader(bytes)).toEqual({ kind: 'iso' })
  })
  it('takes short and empty files for raw ones', () => {
    expect(readHeader(new Uint8Array())).toEqual({ kind: 'raw' })
    expect(readHeader(new Uint8Array([0x51, 0x46, 0x49, 0xfb]))).toEqual({ kind: 'raw' })
  })
})
