import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, posix } from 'node:path'
import { AppError } from '@/server/errors'
import { readSpace } from '@/server/exec/df'
import { formatBytes } from '@/server/model/size'
import type { PlanContext } from './frame'

/** Kept free on every file system, so that guests that run there do not stop for want of room. */
export const spareBytes = 512 * 1024 * 1024

/** Bytes that may still be written to the file system of `path`, whether or not the folder exists yet. */
export async function freeRoom(path: string): Promise<number> {
  let folder = path
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize } = await statfs(folder)
  return Math.max(0, bavail * bsize - spareBytes)
}

/** The same on the host of an image store, which may be another machine. */
export async function roomInStore({ exec, storeDir, remote }: Pick<PlanContext, 'exec' | 'storeDir' | 'remote'>): Promise<number> {
  if (!remote) return freeRoom(storeDir)
  // The store is made with the first image.
  const space = await readSpace(exec, [storeDir, posix.dirname(storeDir), '/'])
  return Math.max(0, (space?.free ?? 0) - spareBytes)
}

/** Rejects with `refused` when `bytes` do not fit. */
export async function demandRoom(path: string, bytes: number, field?: string): Promise<void> {
  demandFits(await freeRoom(path), bytes, field)
}

/** Rejects with `refused` when there is room for fewer bytes than these. */
export function demandFits(free: number, bytes: number, field?: string): void {
  if (bytes > free) throw new AppError('refused', `It needs ${formatBytes(bytes)} and there is room for ${formatBytes(free)}`, field)
}
