import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../server/db/migrate'
import { difference, loadEngine, migrationList } from './diff.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const migrations = join(here, 'migrations')
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-diff-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the difference between schema and migrations', () => {
  it('is nothing', async () => {
    expect(await difference()).toBe('')
  })

  it('is the SQL of a column that the schema has and the migrations do not', async () => {
    const schema = join(folder, 'schema.prisma')
    writeFileSync(
      schema,
      readFileSync(join(here, 'schema.prisma'), 'utf8').replace(/^model Setting \{/m, 'model Setting {\n  added String?'),
    )
    expect(await difference(schema)).toContain('ALTER TABLE "Setting" ADD COLUMN "added" TEXT')
  })
})

describe("Prisma's own engine", () => {
  it('finds a database of our migrator up to date', async () => {
    const file = join(folder, 'ours.db')
    const names = await migrate(file, migrations)
    expect(names).toEqual(readdirSync(migrations).filter((name) => /^\d/.test(name)))
    const SchemaEngine = await loadEngine()
    const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url: file }))
    const datamodels = [['schema.prisma', readFileSync(join(here, 'schema.prisma'), 'utf8')]]
    const engine = await SchemaEngine.new({ datamodels }, () => {}, adapter)
    const filters = { externalTables: [], externalEnums: [] }
    expect(await engine.applyMigrations({ migrationsList: migrationList(migrations), filters })).toEqual({ appliedMigrationNames: [] })
    engine.free()
  })
})
