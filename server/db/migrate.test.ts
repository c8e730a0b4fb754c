import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from './client'
import { migrate } from './migrate'

const real = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
let folder: string
let file: string
let migrations: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-db-'))
  file = join(folder, 'data', 'test.db')
  mkdirSync(join(folder, 'data'))
  migrations = join(folder, 'migrations')
  mkdirSync(migrations)
})
afterEach(() => rmSync(folder, { recursive: true }))

function add(name: string, sql: string) {
  mkdirSync(join(migrations, name), { recursive: true })
  writeFileSync(join(migrations, name, 'migration.sql'), sql)
}
async function query(sql: string): Promise<unknown[][]> {
  const connection = await new PrismaBetterSqlite3({ url: file }).connect()
  const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] })
  await connection.dispose()
  return rows
}
async function execute(sql: string): Promise<void> {
  const connection = await new PrismaBetterSqlite3({ url: file }).connect()
  await connection.executeScript(sql)
  await connection.dispose()
}
const tables = async () => (await query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).flat()

describe('migrate', () => {
  it('applies each once, in the order of their names', async () => {
    add('2_second', 'ALTER TABLE a ADD COLUMN y TEXT')
    add('1_first', 'CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)')
    expect(await migrate(file, migrations)).toEqual(['1_first', '2_second'])
    expect(await migrate(file, migrations)).toEqual([])
    add('3_third', 'UPDATE a SET x = 2')
    expect(await migrate(file, migrations)).toEqual(['3_third'])
    expect(await query('SELECT x, y FROM a')).toEqual([[2, null]])
  })

  it('rolls a half-broken one back whole, keeps the ones before it, and goes on when it is mended', async () => {
    add('1_first', 'CREATE TABLE a (x INTEGER)')
    add('2_broken', 'CREATE TABLE b (x INTEGER); INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES (1)')
    await expect(migrate(file, migrations)).rejects.toThrow(/2_broken failed and was undone: .*nowhere/)
    expect(await tables()).toEqual(['_prisma_migrations', 'a'])
    expect(await query('SELECT count(*) FROM a')).toEqual([[0]])
    add('2_broken', 'CREATE TABLE b (x INTEGER)')
    expect(await migrate(file, migrations)).toEqual(['2_broken'])
  })

  it('keeps the rows that refer to a table which is made anew, and refuses to leave them dangling', async () => {
    add('1_first', 'CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a INTEGER REFERENCES a(id) ON DELETE CASCADE)')
    await migrate(file, migrations)
    await execute('INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)')
    const rebuild =
      'CREATE TABLE new_a (id INTEGER PRIMARY KEY, n TEXT); INSERT INTO new_a (id) SELECT id FROM a; DROP TABLE a; ALTER TABLE new_a RENAME TO a'
    add('2_rebuild', rebuild)
    await migrate(file, migrations)
    expect(await query('SELECT a FROM b')).toEqual([[1]])
    add('3_dangling', 'DELETE FROM a')
    await expect(migrate(file, migrations)).rejects.toThrow(/1 rows would refer to rows that do not exist/)
    expect(await query('SELECT count(*) FROM a')).toEqual([[1]])
  })

  it('refuses a database of a newer version, in words, without touching it', async () => {
    add('1_first', 'CREATE TABLE a (x INTEGER)')
    add('2_newer', 'CREATE TABLE b (x INTEGER)')
    await migrate(file, migrations)
    rmSync(join(migrations, '2_newer'), { recursive: true })
    add('1_other', 'CREATE TABLE c (x INTEGER)')
    await expect(migrate(file, migrations)).rejects.toThrow(/made by a newer version of Bailiwick \(it has the migration 2_newer\)/)
    expect(await tables()).not.toContain('c')
  })

  it('refuses a migration that was changed afterwards', async () => {
    add('1_first', 'CREATE TABLE a (x INTEGER)')
    await migrate(file, migrations)
    add('1_first', 'CREATE TABLE a (x TEXT)')
    await expect(migrate(file, migrations)).rejects.toThrow(/1_first was changed after it was applied/)
  })

  it('refuses what another program left half done', async () => {
    add('1_first', 'CREATE TABLE a (x INTEGER)')
    await migrate(file, migrations)
    await execute('UPDATE _prisma_migrations SET finished_at = NULL')
    await expect(migrate(file, migrations)).rejects.toThrow(/was begun by another program and did not end/)
  })
})

describe('openDatabase', () => {
  it('makes a file that only its owner reads, with write-ahead log and foreign keys', async () => {
    const db = await openDatabase(file, real)
    try {
      await db.setting.create({ data: { key: 'k', value: 'v' } })
      for (const name of [file, `${file}-wal`, `${file}-shm`]) expect([name, statSync(name).mode & 0o777]).toEqual([name, 0o600])
      expect(await db.$queryRawUnsafe('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
      const orphan = { tokenHash: 't', userId: 'nobody', createdAt: 0, lastSeenAt: 0, expiresAt: 0, from: '' }
      await expect(db.session.create({ data: orphan })).rejects.toThrow(/foreign key/i)
    } finally {
      await db.$disconnect()
    }
  })
})

it('a database that this user cannot open is refused with words', async () => {
  mkdirSync(file) // Root may open any file, but not a folder.
  await expect(openDatabase(file, real)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('cannot be opened by this user'),
  })
})
