import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { AppError } from '../errors'

/**
 * Takes a data folder for this process: a second server on it would call the jobs of the first interrupted. The lock
 * is SQLite's own on a file of its own, so that the system gives it back however the process ends. Returns what
 * releases it; rejects with `conflict` when another server still holds it after `patienceMs` (one that is just stopping may).
 */
export async function lockData(folder: string, patienceMs = 3000): Promise<() => Promise<void>> {
  const connection = await new PrismaBetterSqlite3({ url: join(folder, 'lock.db'), timeout: patienceMs }).connect()
  try {
    await connection.executeScript('BEGIN EXCLUSIVE')
  } catch (error) {
    await connection.dispose()
    throw new AppError(
      'conflict',
      `Another Bailiwick is running with ${folder}. Stop it, or set BAILIWICK_DATA to another folder.`,
      undefined,
      {
        cause: error,
      },
    )
  }
  return () => connection.dispose()
}
