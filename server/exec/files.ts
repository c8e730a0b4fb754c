import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ExecError, errnoCode } from './error'
import { followFile } from './follow'
import type { Exec } from './types'

const words: Record<string, string> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
}

function fileError(verb: string, path: string, cause: unknown): ExecError {
  const code = errnoCode(cause) ?? ''
  const why = words[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new ExecError(`Cannot ${verb} ${path}: ${why}`, { reason: code === 'ENOENT' ? 'missing' : 'file', cause })
}

const chunk = 64 * 1024

async function readSome(path: string, offset: number, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    let position = offset < 0 ? Math.max(0, (await file.stat()).size + offset) : offset
    const pieces: Buffer[] = []
    let left = maxBytes
    // Until the end and not by size: files under /proc say 0.
    while (left > 0) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(chunk, left)), 0, Math.min(chunk, left), position)
      if (bytesRead === 0) break
      pieces.push(buffer.subarray(0, bytesRead))
      position += bytesRead
      left -= bytesRead
    }
    return Buffer.concat(pieces)
  } finally {
    await file.close()
  }
}

/** Files of the local machine, for `Exec`. */
export const localFiles: Pick<Exec, 'writeFile' | 'readFile' | 'follow' | 'stat' | 'readDir'> = {
  /** Whole or not at all: written beside its place and renamed, so that a crash leaves no half file and no link is followed. */
  async writeFile(path, mode, content) {
    const temporary = `${dirname(path)}/.${randomBytes(6).toString('hex')}.part`
    try {
      const file = await open(temporary, 'wx', mode)
      try {
        await file.chmod(mode)
        await file.writeFile(content)
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {})
      throw fileError('write', path, error)
    }
  },
  async readFile(path, options = {}) {
    try {
      return await readSome(path, options.offset ?? 0, options.maxBytes ?? 32 * 1024 * 1024)
    } catch (error) {
      throw fileError('read', path, error)
    }
  },
  async follow(path, { tailBytes }, onData) {
    try {
      return await followFile(path, tailBytes, onData)
    } catch (error) {
      throw fileError('follow', path, error)
    }
  },
  async stat(path) {
    try {
      const found = await stat(path)
      return { size: found.size, mtimeMs: found.mtimeMs, isDirectory: found.isDirectory() }
    } catch (error) {
      const code = errnoCode(error)
      if (code === 'ENOENT' || code === 'ENOTDIR') return null
      throw fileError('look at', path, error)
    }
  },
  async readDir(path) {
    try {
      return await readdir(path)
    } catch (error) {
      const code = errnoCode(error)
      if (code === 'ENOENT' || code === 'ENOTDIR') return []
      throw fileError('read the folder', path, error)
    }
  },
}
