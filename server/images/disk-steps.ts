import type { Step } from '@/server/model/plan'

const limits = ['prlimit', '--as=4294967296', '--cpu=1800', '--'] as const

/**
 * Steps that an untrusted qcow2 must pass before anything opens it as a disk. Its bytes 8–19 (backing file) must be zero; it must not
 * keep its data in another file, which QEMU says by refusing to be given one; and it must be whole. Code 3: clusters leaked, harmless.
 */
export function qcow2Steps(path: string): Step[] {
  const without = { driver: 'qcow2', file: { driver: 'file', filename: path }, backing: null, 'data-file': { driver: 'null-co', size: 0 } }
  return [
    { title: 'Make sure it names no other file as its base', argv: ['cmp', '-n', '12', '-i', '8:0', '--', path, '/dev/zero'] },
    {
      title: 'Make sure it keeps no data in another file (refused by QEMU: it does not)',
      argv: [...limits, 'qemu-img', 'map', '--output=json', `json:${JSON.stringify(without)}`],
      okCodes: [1],
    },
    {
      title: 'Check the disk',
      argv: [...limits, 'qemu-img', 'check', '-f', 'qcow2', path],
      okCodes: [0, 3],
      timeoutMs: 1_800_000,
    },
  ]
}
