import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inClone, root } from './paths.mjs'
import { logged } from './run.mjs'
import { step } from './say.mjs'
import { digestOf, digestOfTree, hasStamp, isStamped, stamp } from './stamp.mjs'
import { which } from './system.mjs'

/** The only dependencies whose install scripts run: two compile, one checks its binary. */
const withScripts = ['better-sqlite3', 'node-pty', 'esbuild']

const sources = [
  'app',
  'components',
  'server',
  'prisma',
  'public',
  'next.config.mjs',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
]
const schema = ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json']

const lockDigest = () => `${process.version} ${process.arch} ${digestOf('package-lock.json')}`

/** True when node_modules is what the lock says: by our stamp, or, where somebody ran npm themselves, by npm's own record. */
function modulesAreCurrent() {
  if (!existsSync(inClone('node_modules'))) return false
  if (isStamped('modules', lockDigest())) return true
  if (hasStamp('modules')) return false
  const record = statSync(inClone('node_modules/.package-lock.json'), { throwIfNoEntry: false })
  const compiled = ['better-sqlite3', 'node-pty'].every((name) => existsSync(inClone('node_modules', name, 'build/Release')))
  return Boolean(record && compiled && record.mtimeMs >= statSync(inClone('package-lock.json')).mtimeMs)
}

/** Where Node's headers lie beside its binary, so that compiling needs no download; null elsewhere. */
function headers() {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : null
}

/** `npm ci` when the lock changed. Scripts of other packages than the three above are not run. */
export async function installModules() {
  if (modulesAreCurrent()) return false
  const prefix = process.env.npm_config_nodedir ? null : headers()
  const env = { ...(prefix ? { npm_config_nodedir: prefix } : {}), npm_config_audit: 'false', npm_config_fund: 'false', JOBS: 'max' }
  const npm = npmCommand()
  await step('Installing the JavaScript packages', () =>
    logged([...npm, 'ci', '--ignore-scripts', '--include=dev'], {
      log: 'npm-ci',
      env,
      cwd: root,
      hint: 'See that the npm registry is reached (`npm ping`), then run this again.',
    }),
  )
  await step('Compiling the native ones', () =>
    logged([...npm, 'rebuild', ...withScripts], {
      log: 'npm-rebuild',
      env,
      cwd: root,
      hint: 'Compiling needs g++, make and python3: `apt-get install g++ make python3`, then run this again.',
    }),
  )
  stamp('modules', lockDigest())
  return true
}

/** npm as argv: it tells its scripts where it is; without npm (node scripts/start.mjs) it is searched for. */
export function npmCommand() {
  const path = process.env.npm_execpath
  return path?.endsWith('.js') && existsSync(path) ? [process.execPath, path] : [which('npm') ?? 'npm']
}

/** The Prisma client, when the schema changed. */
export async function generateClient() {
  const digest = digestOf(...schema)
  if (isStamped('client', digest) && existsSync(inClone('generated'))) return false
  // The CLI fetches a schema engine before any command; `generate` never calls it, so any program will do.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: which('true') ?? '/bin/true', CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  await step('Generating the database client', () =>
    logged([process.execPath, inClone('node_modules/prisma/build/index.js'), 'generate'], {
      log: 'prisma-generate',
      env,
      cwd: root,
      hint: 'Look at prisma/schema.prisma near the line named above.',
    }),
  )
  stamp('client', digest)
  return true
}

const sourceDigest = () => `${digestOfTree(...sources)} ${digestOf('package-lock.json')}`

/** True when what was built is what the sources say. */
export const isBuilt = () =>
  isStamped('build', sourceDigest()) && existsSync(inClone('dist/main.js')) && existsSync(inClone('.next/BUILD_ID'))

/** Builds pages and server when sources changed. */
export async function buildAll({ force = false } = {}) {
  await generateClient()
  if (!force && isBuilt()) return false
  const { buildPages, buildServer } = await import('./build.mjs')
  await step('Building the server', buildServer)
  await step('Building the pages', buildPages)
  stamp('build', sourceDigest()) // Read after the build: Next may complete tsconfig.json.
  return true
}
