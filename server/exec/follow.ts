import { watch } from 'node:fs'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { errnoCode } from './error'
import type { Followed } from './types'

const chunk = 64 * 1024

const inodeOf = async (path: string): Promise<number | null> => {
  try {
    return (await stat(path)).ino
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return null
    throw error
  }
}

/** Names of a rotated log, oldest first: `x.2`, `x.1`, `x.0`, `x`. So virtlogd calls them. */
async function generations(path: string): Promise<string[]> {
  const base = basename(path)
  const old = (await readdir(dirname(path)))
    .filter((name) => name.startsWith(`${base}.`) && /^\d{1,4}$/.test(name.slice(base.length + 1)))
    .sort((a, b) => Number(b.slice(base.length + 1)) - Number(a.slice(base.length + 1)))
  return [...old.map((name) => `${path}.${name.slice(base.length + 1)}`), path]
}

/** The file that was begun after the one with this inode, or null while there is none. */
async function after(path: string, inode: number): Promise<FileHandle | null> {
  const names = await generations(path)
  const inodes = await Promise.all(names.map(inodeOf))
  const at = inodes.indexOf(inode)
  // -1: it was deleted, so every one that is left is newer.
  for (let next = at + 1; next < names.length; next++) {
    const name = names[next]
    if (inodes[next] !== null && name !== undefined) return open(name, 'r')
  }
  return null
}

/**
 * Hands over a growing file: its last `tailBytes`, then every byte as it is written, each once and in order, through
 * truncation and rotation by renaming. Linux' inotify tells when to look, so that nothing waits for a timer.
 * Resolves when what was there has been handed over; rejects with the system's error when it cannot be read.
 */
export async function followFile(path: string, tailBytes: number, onData: (bytes: Uint8Array) => void): Promise<Followed> {
  const base = basename(path)
  let moved = false
  let dirty = true
  let paused = false
  let closed = false
  /** It is known where to read. A write before that wakes nobody: what it wrote is read first of all. */
  let ready = false
  let reading: Promise<void> | null = null
  // The folder and not the file: the watch outlives a rotation. Watched before it is read, so that no write falls between.
  const watcher = watch(dirname(path), (event, name) => {
    if (name !== null && name !== base) return
    if (event === 'rename') moved = true
    wake()
  })
  // Its folder is gone: nothing more will come.
  watcher.on('error', () => {})
  let file: FileHandle
  let position: number
  let inode: number
  try {
    file = await open(path, 'r')
    const found = await file.stat()
    inode = found.ino
    position = Math.max(0, found.size - tailBytes)
  } catch (error) {
    watcher.close()
    throw error
  }

  /** Reads to the end of the open file. A short read is the end: what is written later wakes us again. */
  async function toEnd(): Promise<void> {
    for (;;) {
      if (paused || closed) {
        dirty = true
        return
      }
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunk), 0, chunk, position)
      position += bytesRead
      if (bytesRead > 0 && !closed) onData(buffer.subarray(0, bytesRead))
      if (bytesRead === chunk) continue
      if (bytesRead > 0 || (await file.stat()).size >= position) return
      position = 0
    }
  }

  async function look(): Promise<void> {
    while (dirty && !paused && !closed) {
      dirty = false
      await toEnd()
      while (moved && !paused && !closed) {
        moved = false
        const next = await after(path, inode)
        if (!next) break
        // Nobody writes to the old one any more: what it holds now is all.
        await toEnd()
        if (paused || closed) {
          moved = true
          await next.close()
          break
        }
        await file.close()
        file = next
        inode = (await file.stat()).ino
        position = 0
        moved = true
        await toEnd()
      }
    }
  }

  function wake(): void {
    dirty = true
    if (!ready || reading || paused || closed) return
    reading = look()
      .catch(() => {})
      .finally(() => {
        reading = null
        if (closed) void file.close().catch(() => {})
        else if (dirty && !paused) wake()
      })
  }

  const start = position
  ready = true
  wake()
  await reading
  return {
    start,
    pause: () => {
      paused = true
    },
    resume: () => {
      if (!paused) return
      paused = false
      wake()
    },
    close: () => {
      if (closed) return
      closed = true
      watcher.close()
      if (!reading) void file.close().catch(() => {})
    },
  }
}
