import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaClient } from '../../generated/prisma/client'
import { AppError } from '../errors'
import { migrate } from './migrate'

/** The open database. SQLite with write-ahead log, foreign keys on, 10 s of patience with other writers. */
export type Database = PrismaClient

/**
 * Prisma opens a file again for whoever asks after the end, and what is opened then is never closed: its -wal and -shm stay.
 * So there is one connection in a client's life, and later questions are refused.
 */
class OneConnection extends PrismaBetterSqlite3 {
  private opened = false

  override async connect(): ReturnType<PrismaBetterSqlite3['connect']> {
    if (this.opened) throw new AppError('unavailable', 'The server is stopping')
    this.opened = true
    return super.connect()
  }
}

/**
 * Opens (and makes, readable by its owner only) the database file and applies the migrations of `migrationsDir`.
 * Rejects with words when the file is another user's, belongs to a newer version, or a migration fails. Close with `$disconnect()`.
 */
export async function openDatabase(file: string, migrationsDir: string): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // Made before SQLite does, so that neither it nor its -wal and -shm (which copy its mode) are ever readable by others.
  try {
    closeSync(openSync(file, 'a', 0o600))
    chmodSync(file, 0o600)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    // Started as root once, or with sudo, it is root's.
    throw new AppError(
      'refused',
      `The database cannot be opened by this user (${why}). Give its folder to the user that Bailiwick runs as.`,
    )
  }
  await migrate(file, migrationsDir)
  const adapter = new OneConnection({ url: file, timeout: 10_000 })
  const db = new PrismaClient({ adapter })
  await db.$connect()
  return db
}
