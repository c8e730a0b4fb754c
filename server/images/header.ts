/** What the first bytes of a file say it is. `packed`: compressed; `foreign`: another program's disk format. */
export type Header =
  | { kind: 'qcow2'; virtualBytes: number; backing?: string; externalData: boolean }
  | { kind: 'iso' }
  | { kind: 'raw' }
  | { kind: 'packed'; by: 'xz' | 'gzip' | 'zstd' | 'bzip2' | 'zip' }
  | { kind: 'foreign'; name: string }

/** Enough for every format below: ISO 9660 names itself at byte 32,769. */
export const headerBytes = 32_768 + 6

const at = (bytes: Uint8Array, offset: number, magic: number[]) => magic.every((byte, i) => bytes[offset + i] === byte)
const letters = (text: string) => [...text].map((c) => c.charCodeAt(0))

/** Format names and their first bytes that QEMU would guess, and that are not taken here. */
const foreign: [name: string, offset: number, magic: number[]][] = [
  ['VMDK', 0, letters('KDMV')],
  ['VMDK', 0, letters('# Disk DescriptorFile')],
  ['VHDX', 0, letters('vhdxfile')],
  ['VHD', 0, letters('conectix')],
  ['VDI', 0x40, [0x7f, 0x10, 0xda, 0xbe]],
  ['QED', 0, letters('QED\0')],
]

const packed = [
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', letters('BZh')],
  ['zip', [0x50, 0x4b, 3, 4]],
] as const

/** The name of the file below a qcow2 overlay: '' when it lies beyond the bytes given, nothing when there is none. */
function backingOf(bytes: Uint8Array, view: DataView): { backing?: string } {
  const offset = view.getBigUint64(8)
  const length = view.getUint32(16)
  if (offset === 0n && length === 0) return {}
  const end = Number(offset) + length
  return { backing: end <= bytes.length ? new TextDecoder().decode(bytes.subarray(Number(offset), end)) : '' }
}

/**
 * Tells a disk image from its first bytes, without asking QEMU: an untrusted file is never probed by a program that would
 * follow what it names. qcow2 as in QEMU's docs/interop/qcow2.txt: backing file at bytes 8–19, size at 24,
 * incompatible features at 72 (bit 2: an external data file) from version 3 on.
 */
export function readHeader(bytes: Uint8Array): Header {
  if (at(bytes, 0, [0x51, 0x46, 0x49, 0xfb]) && bytes.length >= 72) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const version = view.getUint32(4)
    if (version !== 2 && version !== 3) return { kind: 'foreign', name: `qcow version ${version}` }
    return {
      kind: 'qcow2',
      virtualBytes: Number(view.getBigUint64(24)),
      ...backingOf(bytes, view),
      externalData: version === 3 && bytes.length >= 80 && (view.getUint32(76) & 4) !== 0,
    }
  }
  if (at(bytes, 32_769, letters('CD001'))) return { kind: 'iso' }
  for (const [by, magic] of packed) if (at(bytes, 0, [...magic])) return { kind: 'packed', by }
  for (const [name, offset, magic] of foreign) if (at(bytes, offset, magic)) return { kind: 'foreign', name }
  return { kind: 'raw' }
}
