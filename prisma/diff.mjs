// The difference between prisma/migrations and prisma/schema.prisma, made by Prisma's own schema engine (WASM, no download).
//   node prisma/diff.mjs            prints the next migration's SQL
//   node prisma/diff.mjs NAME       writes it to prisma/migrations/<UTC time>_NAME/migration.sql
//   node prisma/diff.mjs --check    exits 1 when the two differ
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'

const here = dirname(fileURLToPath(import.meta.url))

/** Prisma's schema engine, once per process: the package keeps one instance in a module variable. It imports its .wasm as a module, which Node cannot do yet, so it is instantiated here. */
let engineLoaded
export const loadEngine = () => {
  engineLoaded ??= instantiate()
  return engineLoaded
}

async function instantiate() {
  // A panic of the engine is told here and nowhere else.
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message) => console.error(`The schema engine failed: ${message}`) }
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const glue = await import(join(dirname(entry), 'schema_engine_bg.js'))
  const module = await WebAssembly.compile(readFileSync(join(dirname(entry), 'schema_engine_bg.wasm')))
  const { exports } = await WebAssembly.instantiate(module, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(exports)
  exports.__wbindgen_start()
  return glue.SchemaEngine
}

/** The engine sends a whole migration as one command; better-sqlite3 takes many statements only as a script. */
class ScriptingAdapter extends PrismaBetterSqlite3 {
  async connectToShadowDb() {
    const database = await super.connectToShadowDb()
    const one = database.executeRaw.bind(database)
    database.executeRaw = (query) => (query.args.length > 0 ? one(query) : database.executeScript(query.sql).then(() => 0))
    return database
  }
}

/** The migrations of a folder, as the schema engine wants to be told. */
export function migrationList(migrationsDir) {
  const migrationDirectories = readdirSync(migrationsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(migrationsDir, path, 'migration.sql'), 'utf8') },
      },
    }))
  const lockfile = { path: 'migration_lock.toml', content: readFileSync(join(migrationsDir, 'migration_lock.toml'), 'utf8') }
  return { baseDir: migrationsDir, lockfile, migrationDirectories, shadowDbInitScript: '' }
}

/**
 * SQL that turns a database with every migration of `migrationsDir` into what `schemaFile` says; '' when nothing differs.
 * Rejects with the engine's words when either cannot be read.
 */
export async function difference(schemaFile = join(here, 'schema.prisma'), migrationsDir = join(here, 'migrations')) {
  const SchemaEngine = await loadEngine()
  const content = readFileSync(schemaFile, 'utf8')
  const adapter = bindMigrationAwareSqlAdapterFactory(new ScriptingAdapter({ url: ':memory:' }))
  const engine = await SchemaEngine.new({ datamodels: [[schemaFile, content]] }, () => {}, adapter)
  const filters = { externalTables: [], externalEnums: [] }
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrationList(migrationsDir) },
      to: { tag: 'schemaDatamodel', files: [{ path: schemaFile, content }] },
      script: true,
      exitCode: null,
      filters,
    })
    const sql = stdout ?? ''
    return sql.replace(/^\s*--.*$/gm, '').trim() === '' ? '' : sql
  } finally {
    engine.free()
  }
}

async function main(argument) {
  const sql = await difference()
  if (argument === '--check') {
    if (sql === '') return console.log('The migrations make exactly what prisma/schema.prisma says.')
    console.error(`prisma/schema.prisma has changed without a migration. Run: node prisma/diff.mjs NAME\n\n${sql}`)
    process.exitCode = 1
  } else if (sql === '') console.log('Nothing differs.')
  else if (argument === undefined) console.log(sql)
  else if (/^[a-z][a-z0-9_]*$/.test(argument)) {
    const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const folder = join(here, 'migrations', `${time}_${argument}`)
    mkdirSync(folder)
    writeFileSync(join(folder, 'migration.sql'), sql)
    console.log(`Written: ${folder}/migration.sql. Read it before you commit it.`)
  } else {
    console.error('A migration name: a–z, 0–9 and _; starts with a letter.')
    process.exitCode = 2
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2])
