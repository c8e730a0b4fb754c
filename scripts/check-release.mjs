// A part of npm test: an archive is made of the build, unpacked elsewhere, and run by a user who cannot write to it.
import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inClone, root } from './lib/paths.mjs'
import { makeRelease, unpackRelease } from './lib/release.mjs'
import { filesBelow } from './lib/release-modules.mjs'
import { say, step } from './lib/say.mjs'

const nobody = 65534
const isRoot = process.getuid?.() === 0
const demand = (holds, words) => {
  if (!holds) throw new Error(words)
}

/** Names of the packages in a node_modules, without those inside others. */
const packagesIn = (folder) =>
  readdirSync(folder).flatMap((name) => (name.startsWith('@') ? readdirSync(join(folder, name)).map((each) => `${name}/${each}`) : [name]))

/** No compiler of pages, no development package, and nothing that names the folder it was built in. */
function checkContent(release) {
  const { packages } = JSON.parse(readFileSync(inClone('package-lock.json'), 'utf8'))
  for (const name of packagesIn(join(release, 'node_modules'))) {
    const entry = packages[`node_modules/${name}`]
    demand(entry && !entry.dev && !entry.devOptional, `The release holds ${name}, which is for development`)
    demand(!/^(@next\/swc|@img\/|sharp|typescript|prisma)/.test(name), `The release holds ${name}`)
  }
  for (const path of filesBelow(join(release, '.next')))
    if (/\.(js|json)$/.test(path))
      demand(!readFileSync(join(release, '.next', path), 'utf8').includes(root), `.next/${path} names the folder it was built in`)
}

/** What would change if anything were written: every file with its size and time. */
function listing(folder) {
  return [...filesBelow(folder)].sort().join('\n')
}

/** Starts bin/bailiwick as a user of its own with an environment of its own. Resolves once it has told its set-up link. */
async function start(release, data) {
  const env = { PATH: `${join(process.execPath, '..')}:/usr/bin:/bin`, HOME: data, BAILIWICK_DATA: data, PORT: '0', BAILIWICK_LOG: 'warn' }
  const user = isRoot ? { uid: nobody, gid: nobody } : {}
  const child = spawn(join(release, 'bin/bailiwick'), [], { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'], ...user })
  let text = ''
  const link = await new Promise((resolve, reject) => {
    const take = (data) => {
      text += data
      const match = /(http:\/\/\S+)\/setup\?token=(\S+)/.exec(text)
      if (match) resolve({ base: match[1], token: match[2] })
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`bin/bailiwick ended with ${code}:\n${text}`)))
  })
  return { child, ...link, said: () => text }
}

async function stop({ child, said }) {
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)))
  child.kill('SIGTERM')
  const code = await ended
  demand(code === 0, `It ended with ${code}:\n${said()}`)
}

/** What a first visitor does: sets up, signs in, opens the list of guests, its script and its data. */
async function visit({ base, token }) {
  const post = (path, body) =>
    fetch(`${base}/api/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: base },
      body: JSON.stringify(body),
    })
  const user = { name: 'admin', password: 'ten letters at least' }
  const closed = await fetch(`${base}/guests`, { redirect: 'manual' })
  demand(closed.status === 307, `The list without a session gave ${closed.status}`)
  demand((await post('session.setup', { token, ...user })).ok, 'The set-up link does not work')
  const signedIn = await post('session.signIn', user)
  const cookie = /bailiwick_session=[^;]+/.exec(signedIn.headers.get('set-cookie') ?? '')?.[0]
  demand(cookie, `Signing in gave ${signedIn.status} and no session`)
  const get = (path) => fetch(`${base}${path}`, { headers: { cookie } })
  const page = await get('/guests')
  const html = await page.text()
  demand(
    page.status === 200 && /<nav/.test(html) && html.includes('Guests'),
    `The list of guests gave ${page.status}: ${html.slice(0, 300)}`,
  )
  const scripts = [...html.matchAll(/\/_next\/static\/[^"'\\]+?\.(?:js|css)/g)].map(([path]) => path)
  demand(scripts.length > 0, 'The page names no script')
  for (const path of new Set(scripts)) demand((await get(path)).status === 200, `${path} is not served`)
  const picture = await get('/api/trpc/events.picture')
  const { hosts } = (await picture.json()).result.data
  demand(hosts.length === 1, `The picture holds ${hosts.length} hosts`)
}

const folder = mkdtempSync(join(tmpdir(), 'bailiwick-release-'))
let failed = null
let server = null
try {
  chmodSync(folder, 0o755)
  const { path, bytes } = await makeRelease(join(folder, 'archive'))
  const release = await unpackRelease(path, join(folder, 'unpacked'))
  say(`The archive has ${(bytes / 1e6).toFixed(1)} MB`)
  checkContent(release)
  const data = join(folder, 'data')
  mkdirSync(data)
  if (isRoot) chownSync(data, nobody, nobody)
  const before = listing(release)
  server = await step('Starting it as a user without rights', () => start(release, data))
  await step('Setting up, signing in, opening the list of guests', () => visit(server))
  await step('Ending it', () => stop(server))
  server = null
  demand(listing(release) === before, 'It wrote into its own folder')
  demand(readdirSync(data).includes('bailiwick.db'), 'Its database is not in BAILIWICK_DATA')
} catch (error) {
  failed = error
}
if (failed && server) failed.message += `\nThe server said:\n${server.said()}`
server?.child.kill('SIGKILL')
rmSync(folder, { recursive: true, force: true })
if (failed) {
  console.error(failed.message)
  for (const line of failed.tail ?? []) console.error(line)
  process.exitCode = 1
}
