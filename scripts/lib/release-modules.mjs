import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { inClone, ownDir } from './paths.mjs'
import { npmCommand } from './project.mjs'
import { keepsFile } from './release-files.mjs'
import { closure, compiled, importedBy, packageOf, prebuilt } from './release-packages.mjs'
import { capture, logged } from './run.mjs'
import { digestOf, isStamped, stamp } from './stamp.mjs'

const staging = join(ownDir, 'release')
const quiet = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_prefer_offline: 'true' }

/** Every file below a folder, as paths relative to it. */
export function* filesBelow(folder, below = '') {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below ? `${below}/${entry.name}` : entry.name
    if (entry.isDirectory()) yield* filesBelow(folder, path)
    else if (entry.isFile()) yield path
  }
}

export function copyTo(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
}

/** Production packages as npm installs them by the lock, apart from the clone's own. No install script runs. */
export async function installProduction() {
  const digest = digestOf('package.json', 'package-lock.json')
  if (isStamped('release-modules', digest) && existsSync(join(staging, 'node_modules'))) return
  rmSync(staging, { recursive: true, force: true })
  for (const name of ['package.json', 'package-lock.json']) copyTo(inClone(name), join(staging, name))
  await logged([...npmCommand(), 'ci', '--omit=dev', '--omit=optional', '--ignore-scripts'], {
    log: 'release-npm-ci',
    env: quiet,
    cwd: staging,
    hint: 'See that the npm registry is reached (`npm ping`), then run this again.',
  })
  stamp('release-modules', digest)
}

/** Files of packages that Next's traces of the built pages list, as "<package>/<path>". */
function readTraces(pages) {
  const modules = inClone('node_modules')
  const found = new Set()
  for (const path of filesBelow(pages)) {
    if (!path.endsWith('.nft.json')) continue
    const { files } = JSON.parse(readFileSync(join(pages, path), 'utf8'))
    for (const file of files) {
      const inside = relative(modules, resolve(dirname(join(pages, path)), file))
      if (!inside.startsWith('..')) found.add(inside)
    }
  }
  return found
}

/**
 * Fetches a prebuilt package of any system through npm, and refuses bytes that are not the lock's.
 * npm itself would install only the one of this machine.
 */
async function fetchPrebuilt(name, entry, to) {
  const folder = join(staging, 'prebuilt')
  mkdirSync(folder, { recursive: true })
  const argv = [...npmCommand(), 'pack', '--json', `--pack-destination=${folder}`, `${name}@${entry.version}`]
  const { code, stdout, stderr } = await capture(argv, { cwd: folder, env: { ...process.env, ...quiet }, timeoutMs: 120_000 })
  if (code !== 0) throw new Error(`npm could not fetch ${name}@${entry.version}: ${stderr.trim().split('\n').at(-1)}`)
  const archive = join(folder, `${name.replace('@', '').replace('/', '-')}-${entry.version}.tgz`)
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (digest !== entry.integrity)
    throw new Error(`${name}@${entry.version} is not what package-lock.json says (${stdout.length} bytes of npm's record)`)
  mkdirSync(to, { recursive: true })
  const unpacked = await capture(['tar', '-xzf', archive, '-C', to, '--strip-components=1', '--no-same-owner'])
  if (unpacked.code !== 0) throw new Error(`tar: ${unpacked.stderr.trim()}`)
}

/** The compiled files of this machine, beside their sources. */
function copyCompiled(to) {
  for (const name of compiled) {
    const folder = inClone('node_modules', name, 'build/Release')
    const files = readdirSync(folder).filter((file) => file.endsWith('.node') && file !== 'test_extension.node')
    if (files.length === 0) throw new Error(`${name} is not compiled here: run npm start or npm run build once`)
    for (const file of files) copyTo(join(folder, file), join(to, name, 'build/Release', file))
  }
}

/** Fills `to` (a node_modules) with what the built server and pages need to run. Returns the names of the packages. */
export async function copyModules(to) {
  const lock = JSON.parse(readFileSync(inClone('package-lock.json'), 'utf8'))
  const traced = readTraces(inClone('.next'))
  const listed = Object.keys(lock.packages[''].dependencies)
  // The server names its packages itself; React is what Next's pages are drawn with, and listed by its traces.
  const names = [...importedBy(readFileSync(inClone('dist/main.js'), 'utf8')), ...[...traced].map(packageOf)]
  const wanted = [...new Set(names)].filter((name) => listed.includes(name))
  const paths = closure(lock, wanted)
  for (const path of paths) {
    const from = join(staging, path)
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const below = path.slice('node_modules/'.length)
    for (const file of filesBelow(from))
      if (!file.startsWith('node_modules/') && keepsFile(name, file, traced)) copyTo(join(from, file), join(to, below, file))
  }
  for (const name of prebuilt) await fetchPrebuilt(name, lock.packages[`node_modules/${name}`], join(to, name))
  copyCompiled(to)
  return paths
}
