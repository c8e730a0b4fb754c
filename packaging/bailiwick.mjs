#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072 node --optimize-for-size
// Starts an unpacked release: needs Node, neither npm nor a compiler, and writes nothing into its own folder.
// The line above keeps memory small: glibc gives back what is freed, V8 does not take several times what lives in it.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import * as module from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const readJson = (name) => JSON.parse(readFileSync(join(home, name), 'utf8'))
const { version } = readJson('package.json')

const usage = `bailiwick [serve]   serves at HOST and PORT (127.0.0.1:3000), with its data in BAILIWICK_DATA
bailiwick rebuild   compiles its two native modules for this system and this Node; once, by whoever owns ${home}
bailiwick version   says its version
Settings are environment variables; README.md lists them.`

function fail(...lines) {
  for (const line of lines) console.error(line)
  process.exit(1)
}

/** Node's own headers, so that compiling needs no download; null where they are not installed beside it. */
function headers() {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : null
}

/** npm carries node-gyp; some systems have it on its own. Returns its script, or null. */
function nodeGyp() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = folders.flatMap((folder) => {
    const npm = join(folder, 'npm')
    const own = join(folder, 'node-gyp')
    return [
      existsSync(npm) && join(dirname(realpathSync(npm)), '../node_modules/node-gyp/bin/node-gyp.js'),
      existsSync(own) && realpathSync(own),
    ]
  })
  const packaged = ['/usr/share/nodejs/node-gyp/bin/node-gyp.js', '/usr/local/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js']
  return [...candidates, ...packaged].find((path) => path && existsSync(path)) ?? null
}

function rebuild() {
  const gyp = nodeGyp()
  if (!gyp)
    fail(
      'Compiling needs node-gyp, which comes with npm.',
      'FreeBSD: pkg install npm python3 gmake. Debian: apt-get install npm python3 make g++.',
    )
  try {
    accessSync(join(home, 'node_modules/node-pty'), constants.W_OK)
  } catch {
    fail(`${home} cannot be written by this user. Run this as its owner.`)
  }
  const prefix = headers()
  for (const name of ['better-sqlite3', 'node-pty']) {
    console.log(`Compiling ${name} …`)
    const argv = [gyp, 'rebuild', '--release', ...(prefix ? [`--nodedir=${prefix}`] : [])]
    const { status } = spawnSync(process.execPath, argv, { cwd: join(home, 'node_modules', name), stdio: 'inherit' })
    if (status !== 0) fail(`${name} could not be compiled. It needs a C++20 compiler, make (FreeBSD: gmake) and python3.`)
  }
  const { platform, arch, versions } = process
  writeFileSync(
    join(home, 'native.json'),
    `${JSON.stringify({ platform, arch, modules: versions.modules, node: versions.node }, null, 2)}\n`,
  )
  console.log('Compiled. `bailiwick` serves now.')
}

/** Compiled modules are for one system and one Node version; another would fail with words that nobody understands. */
function demandNative() {
  const native = readJson('native.json')
  const { platform, arch, versions } = process
  if (native.platform === platform && native.arch === arch && native.modules === versions.modules) return
  fail(
    `The native modules in here are compiled for ${native.platform} ${native.arch} with Node ${native.node};`,
    `this is ${platform} ${arch} with Node ${versions.node}. Compile them once: ${join(home, 'bin/bailiwick')} rebuild`,
  )
}

/** Where data lies when nobody says so: the system's place for it. Ends with words when this user cannot write there. */
function dataFolder() {
  const folder = process.env.BAILIWICK_DATA || (process.platform === 'linux' ? '/var/lib/bailiwick' : '/var/db/bailiwick')
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    fail(
      `The data folder ${folder} cannot be written: ${error.message}`,
      'Set BAILIWICK_DATA to a folder of this user, or make that one and give it to this user.',
    )
  }
  return folder
}

async function serve() {
  demandNative()
  const data = dataFolder()
  process.env.BAILIWICK_DATA = data
  // Apart from the database, which only the server may read: QEMU runs as another user and reads its disks here.
  process.env.BAILIWICK_STORE ||= join(data, 'store')
  process.env.NODE_ENV = 'production'
  // Node 22 and later keep compiled code there, which halves the time to the first page.
  module.enableCompileCache?.(join(data, 'compile-cache'))
  await import(join(home, 'dist/main.js'))
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) fail(`Node ${process.versions.node} is too old: Bailiwick needs 20.19 or newer.`)
const [command = 'serve', ...rest] = process.argv.slice(2)
if (rest.length > 0 || !['serve', 'rebuild', 'version', 'help', '--help', '--version'].includes(command)) {
  console.error(usage)
  process.exit(2)
}
if (command === 'serve') await serve()
else if (command === 'rebuild') rebuild()
else console.log(command.endsWith('version') ? version : usage)
