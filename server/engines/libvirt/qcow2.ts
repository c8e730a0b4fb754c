import { posix } from 'node:path'
import type { Exec } from '@/server/exec/types'

/** The backing file that a qcow2 header names, or null: none, or not qcow2. https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/qcow2.txt */
export function backingFile(header: Uint8Array): string | null {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength)
  if (bytes.length < 20 || bytes.toString('latin1', 0, 4) !== 'QFI\u00fb') return null
  const offset = Number(bytes.readBigUInt64BE(8))
  const length = bytes.readUInt32BE(16)
  if (offset === 0 || length === 0 || offset + length > bytes.length) return null
  return bytes.toString('utf8', offset, offset + length)
}

/** The files below a disk, nearest first. A file that cannot be read ends the chain. */
export async function backingChain(exec: Exec, path: string): Promise<string[]> {
  const chain: string[] = []
  let at = path
  while (chain.length < 32) {
    // The name lies in the first cluster, at most 1,023 bytes long: the header and its extensions are before it.
    const header = await exec.readFile(at, { maxBytes: 65_536 }).catch(() => null)
    const next = header && backingFile(header)
    if (!next) break
    at = posix.resolve(posix.dirname(at), next.replace(/^file:/, ''))
    chain.push(at)
  }
  return chain
}
