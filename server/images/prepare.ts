import type { Exec } from '@/server/exec/types'
import type { Arch } from '@/server/model/guest'
import type { Image } from '@/server/model/image'
import { tinyId } from './plan-tiny'

/** The program that a VM of each arch needs; Tiny Linux is worth having where it is installed. */
const programs = [
  ['x86_64', 'qemu-system-x86_64'],
  ['aarch64', 'qemu-system-aarch64'],
  ['riscv64', 'qemu-system-riscv64'],
] as const satisfies readonly (readonly [Arch, string])[]

/** For which arches Tiny Linux is not there though a VM of it could run. */
export async function missingTiny(exec: Exec, images: Image[]): Promise<Arch[]> {
  const missing: Arch[] = []
  for (const [arch, program] of programs) {
    if (images.some(({ id }) => id === tinyId(arch))) continue
    const there = await Promise.all(['/usr/bin', '/usr/local/bin'].map((folder) => exec.stat(`${folder}/${program}`)))
    if (there.some(Boolean)) missing.push(arch)
  }
  return missing
}
