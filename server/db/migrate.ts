import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { z } from 'zod'
import { AppError } from '../errors'

type Migration = { name: string; sql: string; checksum: string }
type Connection = Awaited<ReturnType<PrismaBetterSqlite3['connect']>>

/** Prisma's own record, as its schema engine makes it for SQLite: `prisma migrate deploy` reads and writes the same. */
const recordTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

const record = z.tuple([z.string(), z.string(), z.unknown(), z.unknown()])

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

/** Names already applied. Refuses a database that this version of the code cannot be sure to understand. */
async function applied(connection: Connection, migrations: Migration[]): Promise<Set<string>> {
  const sql = 'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations ORDER BY started_at'
  const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] })
  const names = new Set<string>()
  for (const row of rows) {
    const [name, checksum, finished, rolledBack] = record.parse(row)
    if (rolledBack !== null) continue
    const known = migrations.find((migration) => migration.name === name)
    if (!known)
      throw new AppError(
        'refused',
        `The database was made by a newer version of Bailiwick (it has the migration ${name}). Start that version, or restore an older copy of the database.`,
      )
    if (finished === null)
      throw new AppError(
        'refused',
        `The migration ${name} was begun by another program and did not end. Resolve it with \`prisma migrate resolve\`.`,
      )
    if (known.checksum !== checksum)
      throw new AppError('refused', `The migration ${name} was changed after it was applied to this database. Restore its file.`)
    names.add(name)
  }
  return names
}

/** The adapter's message is only the kind of the error; SQLite's own words are in its cause. */
const driverError = z.object({ cause: z.object({ originalMessage: z.string() }) }).transform(({ cause }) => cause.originalMessage)
const words = (error: unknown): string => driverError.safeParse(error).data ?? (error instanceof Error ? error.message : String(error))

async function applyOne(connection: Connection, { name, sql, checksum }: Migration): Promise<void> {
  const started = Date.now()
  // A rebuilt table is dropped, which would delete the rows that refer to it; keys are checked as a whole instead.
  await connection.executeScript('PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE')
  try {
    await connection.executeScript(sql)
    const broken = await connection.queryRaw({ sql: 'PRAGMA foreign_key_check', args: [], argTypes: [] })
    if (broken.rows.length > 0) throw new Error(`${broken.rows.length} rows would refer to rows that do not exist`)
    await connection.executeScript(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       VALUES ('${randomUUID()}', '${checksum}', ${Date.now()}, '${name.replaceAll("'", "''")}', ${started}, 1); COMMIT`,
    )
  } catch (error) {
    await connection.executeScript('ROLLBACK')
    throw new AppError('failed', `The migration ${name} failed and was undone: ${words(error)}`, undefined, { cause: error })
  } finally {
    await connection.executeScript('PRAGMA foreign_keys=ON')
  }
}

/**
 * Brings a SQLite file up to date: each migration of `folder` in a transaction of its own, in the order of their names.
 * Returns the names applied now. Rejects with `refused` for a database from a newer version and `failed`, after
 * rolling back, for a migration that does not apply.
 */
export async function migrate(file: string, folder: string): Promise<string[]> {
  const migrations = readMigrations(folder)
  const connection = await new PrismaBetterSqlite3({ url: file, timeout: 10_000 }).connect()
  try {
    // WAL: readers do not wait for the writer, and a killed process leaves a whole database.
    await connection.executeScript('PRAGMA journal_mode=WAL')
    await connection.executeScript(recordTable)
    const done = await applied(connection, migrations)
    const waiting = migrations.filter((migration) => !done.has(migration.name))
    for (const migration of waiting) await applyOne(connection, migration)
    return waiting.map((migration) => migration.name)
  } finally {
    await connection.dispose()
  }
}
