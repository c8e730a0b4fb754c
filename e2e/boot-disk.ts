import { randomFillSync } from 'node:crypto'

/** What the boot sector prints on the first serial port once it runs. */
export const bootBanner = 'Boot sector ready'
/** Its prompt: it answers each letter with the same letter as a capital, so that an echo is told from an answer. */
export const bootPrompt = 'answer> '

const loadedAt = 0x7c00
type Part = readonly number[] | { label: string } | { to: string; jump: readonly number[]; bits: 8 | 16 } | { text: string }

const label = (name: string): Part => ({ label: name })
/** An instruction that ends in the distance to a label. */
const near = (jump: number, to: string): Part => ({ jump: [jump], to, bits: 8 })
const call = (to: string): Part => ({ jump: [0xe8], to, bits: 16 })
const text = (words: string): Part => ({ text: `${words}\0` })
/** mov dx, port; mov al, value; out dx, al */
const out = (port: number, value: number): Part => [0xba, port & 0xff, port >> 8, 0xb0, value, 0xee]
/** mov si, address of a label, which is filled in later. */
const point = (to: string): Part => ({ jump: [0xbe], to: `=${to}`, bits: 16 })

/** 16-bit code that a PC's BIOS runs from sector 0: it sets up the serial port at 0x3f8, greets, and answers what is typed. */
const program: Part[] = [
  // cli; ds = ss = 0; sp below us; sti, because the clock's interrupt is what ends each hlt
  [0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xd0, 0xbc, loadedAt & 0xff, loadedAt >> 8, 0xfb, 0xfc],
  // No interrupts from the port, 115200 baud, 8 bits, no parity
  ...[out(0x3f9, 0), out(0x3fb, 0x80), out(0x3f8, 1), out(0x3f9, 0), out(0x3fb, 3)],
  point('banner'),
  label('print'),
  [0xac, 0x84, 0xc0], // lodsb; test al, al
  near(0x74, 'wait'),
  call('put'),
  near(0xeb, 'print'),
  label('wait'),
  [0xf4, 0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01], // hlt; is a byte there
  near(0x74, 'wait'),
  [0xba, 0xf8, 0x03, 0xec, 0x3c, 0x0d], // take it; is it Enter
  near(0x74, 'line'),
  [0x24, 0xdf], // a small letter becomes a capital
  call('put'),
  near(0xeb, 'wait'),
  label('line'),
  point('prompt'),
  near(0xeb, 'print'),
  label('put'),
  [0x88, 0xc4, 0xba, 0xfd, 0x03], // keep al in ah
  label('full'),
  [0xec, 0xa8, 0x20], // is there room to send
  near(0x74, 'full'),
  [0x88, 0xe0, 0xba, 0xf8, 0x03, 0xee, 0xc3], // send; ret
  label('banner'),
  text(`\r\n${bootBanner}\r\n${bootPrompt}`),
  label('prompt'),
  text(`\r\n${bootPrompt}`),
]

const sizeOf = (part: Part): number => {
  if ('jump' in part) return part.jump.length + part.bits / 8
  if ('text' in part) return part.text.length
  return 'label' in part ? 0 : part.length
}

function assemble(): Buffer {
  const labels = new Map<string, number>()
  let at = 0
  for (const part of program) {
    if ('label' in part) labels.set(part.label, at)
    at += sizeOf(part)
  }
  at = 0
  const bytes = program.flatMap((part): number[] => {
    at += sizeOf(part)
    if ('label' in part) return []
    if ('text' in part) return [...Buffer.from(part.text)]
    if (!('jump' in part)) return [...part]
    const absolute = part.to.startsWith('=')
    const target = labels.get(part.to.replace('=', ''))
    if (target === undefined) throw new Error(`no label ${part.to}`)
    const value = absolute ? loadedAt + target : target - at
    return [...part.jump, value & 0xff, ...(part.bits === 16 ? [(value >> 8) & 0xff] : [])]
  })
  return Buffer.from(bytes)
}

/**
 * A raw disk of `sizeBytes` that boots on a PC's BIOS by its first sector alone. The rest is random, so that two
 * such disks differ and nothing on the way can pack it.
 */
export function bootDisk(sizeBytes: number): Buffer {
  const disk = Buffer.alloc(sizeBytes)
  randomFillSync(disk, 512)
  assemble().copy(disk)
  disk.writeUInt16LE(0xaa55, 510)
  return disk
}
