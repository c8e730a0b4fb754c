import { createHash } from 'node:crypto'
import { chmodSync, createReadStream, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inClone, ownDir, root } from './paths.mjs'
import { keepsPage } from './release-files.mjs'
import { copyModules, copyTo, filesBelow, installProduction } from './release-modules.mjs'
import { capture, logged } from './run.mjs'
import { step } from './say.mjs'

/** Files and folders that go along as they are. */
const asTheyAre = [
  'dist/main.js',
  'next.config.mjs',
  'prisma/migrations',
  'public',
  'packaging',
  'LICENSE',
  'CHANGELOG.md',
  'README.md',
  'docs',
]
const left = /^docs\/screenshots\//

const project = () => JSON.parse(readFileSync(inClone('package.json'), 'utf8'))

/** Name of a release: its folder, and the archive without its ending. */
export const releaseName = () => `bailiwick-${project().version}`

function copyOwn(to) {
  for (const name of asTheyAre) {
    const path = inClone(name)
    if (!statSync(path).isDirectory()) copyTo(path, join(to, name))
    else for (const file of filesBelow(path)) if (!left.test(`${name}/${file}`)) copyTo(join(path, file), join(to, name, file))
  }
  for (const file of filesBelow(inClone('.next'))) if (keepsPage(file)) copyTo(inClone('.next', file), join(to, '.next', file))
  // Next notes where it built, and only reads its settings from there.
  const settings = join(to, '.next/required-server-files.json')
  writeFileSync(settings, readFileSync(settings, 'utf8').replaceAll(root, '.'))
  copyTo(inClone('packaging/bailiwick.mjs'), join(to, 'bin/bailiwick'))
  rmSync(join(to, 'packaging/bailiwick.mjs'))
  chmodSync(join(to, 'bin/bailiwick'), 0o755)
  chmodSync(join(to, 'packaging/rc.d/bailiwick'), 0o755)
}

/** package.json without what only the clone has, and native.json: for what the compiled modules in here are. */
function writeFacts(to) {
  const { name, version, license, description, engines } = project()
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`
  writeFileSync(join(to, 'package.json'), json({ name, version, private: true, description, license, type: 'module', engines }))
  const { platform, arch, versions } = process
  writeFileSync(join(to, 'native.json'), json({ platform, arch, modules: versions.modules, node: versions.node }))
}

async function digestFile(path) {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part)
  return hash.digest('hex')
}

/**
 * Makes `<folder>/bailiwick-<version>.tar.gz` and its digest beside it, from a build that is there.
 * Resolves with the path, the size in bytes and the SHA-256.
 */
export async function makeRelease(folder = inClone('dist')) {
  const name = releaseName()
  const parent = join(ownDir, 'release-tree')
  const tree = join(parent, name)
  rmSync(parent, { recursive: true, force: true })
  await step('Installing production packages apart', installProduction)
  await step('Gathering the release', async () => {
    await copyModules(join(tree, 'node_modules'))
    copyOwn(tree)
    writeFacts(tree)
  })
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.tar.gz`)
  await step('Packing it', () =>
    logged(
      ['tar', '--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w', '-czf', path, '-C', parent, name],
      {
        log: 'release-tar',
        hint: 'See that there is room on the disk, then run this again.',
      },
    ),
  )
  rmSync(parent, { recursive: true, force: true })
  const digest = await digestFile(path)
  writeFileSync(`${path}.sha256`, `${digest}  ${name}.tar.gz\n`)
  return { path, bytes: statSync(path).size, digest }
}

/** Unpacks an archive into a folder. Returns the folder of the release in it. */
export async function unpackRelease(archive, folder) {
  mkdirSync(folder, { recursive: true })
  const { code, stderr } = await capture(['tar', '-xzf', archive, '-C', folder, '--no-same-owner'], { timeoutMs: 120_000 })
  if (code !== 0) throw new Error(`tar: ${stderr.trim()}`)
  const release = join(folder, releaseName())
  if (!existsSync(join(release, 'bin/bailiwick'))) throw new Error(`${archive} holds no ${releaseName()}/bin/bailiwick`)
  return release
}
