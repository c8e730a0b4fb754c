// npm start: from a bare clone to a server that serves. Plain Node, without dependencies: it runs before any are installed.
import { spawnSync } from 'node:child_process'
import { prepareCbsd } from './lib/cbsd-host.mjs'
import { announce, examine, install, isComplete, prepareEngines, report } from './lib/host.mjs'
import { buildAll, generateClient, installModules } from './lib/project.mjs'
import { more, say } from './lib/say.mjs'
import { endWords, serve, serverEnv } from './lib/serve.mjs'
import { becomeRoot, nodeIsNewEnough, readSystem } from './lib/system.mjs'

const usage = `npm start [-- options]
  --no-host-setup   change nothing outside this folder
  --check           say what would be installed, and end
  --with-cbsd       let this machine play a CBSD host too, without FreeBSD: see docs/testing.md
Environment: HOST, PORT, BAILIWICK_DATA, BAILIWICK_STORE and others; see README.md`

const known = ['--dev', '--no-host-setup', '--check', '--with-cbsd', '--help']
const flags = process.argv.slice(2)
const unknown = flags.find((flag) => !known.includes(flag))
if (unknown || flags.includes('--help')) {
  if (unknown) console.error(`There is no option ${unknown}.`)
  console.log(usage)
  process.exit(unknown ? 2 : 0)
}
if (!nodeIsNewEnough()) {
  say(`Node ${process.versions.node} is too old: Bailiwick needs 20.19 or newer. Install it, then run this again.`)
  process.exit(1)
}

const dev = flags.includes('--dev')
const hostSetup = !flags.includes('--no-host-setup') && process.env.BAILIWICK_HOST_SETUP !== '0'

/** Asks sudo for leave, on the terminal. */
const askSudo = () => {
  say('Setting this machine up needs root. sudo asks for your password; without it, Bailiwick starts with what is there.')
  return spawnSync('sudo', ['-v'], { stdio: 'inherit' }).status === 0
}

/** Sets the host up as far as we may. Returns how to become root (null: we cannot) and the daemons it started. */
async function setUp() {
  const system = readSystem()
  const found = await examine(system)
  if (!system.debian) {
    say(`${system.name}: set-up knows Debian 12 and 13 only, so it installs nothing here.`)
    more('Bailiwick serves all the same. The Hosts page says what is missing.')
  }
  if (flags.includes('--check')) {
    if (isComplete(found)) say('Nothing is missing.')
    else announce(found)
    process.exit(0)
  }
  // What will happen is said before it does; without root nothing does, and what is missing is said instead.
  let announced = isComplete(found)
  const sayFirst = () => {
    if (!announced) announce(found)
    announced = true
  }
  const become = await becomeRoot(() => {
    sayFirst()
    return askSudo()
  })
  if (!become) {
    say('Not root, and sudo does not let us: the machine stays as it is.')
    for (const { why, names } of found.groups) more(`missing for ${why}: apt-get install ${names.join(' ')}`)
    if (found.stopped.length > 0) more(`not running: ${found.stopped.join(', ')}`)
    if (!isComplete(found)) more('As root, `npm start` puts this right once. The Hosts page shows the commands too.')
    return { become: null, started: [] }
  }
  sayFirst()
  await install(become, found)
  return { become, started: await prepareEngines(become) }
}

try {
  const { become, started } = hostSetup ? await setUp() : { become: null, started: [] }
  if (!hostSetup) say('Nothing outside this folder is touched (--no-host-setup).')
  await installModules()
  if (dev) await generateClient()
  else await buildAll()
  const privileged = become !== null
  const env = serverEnv({ hostSetup, privileged })
  const cbsd = flags.includes('--with-cbsd') ? await prepareCbsd(env, dev ? [] : (become ?? [])) : null
  say('Starting the server …')
  const end = await serve({ dev, become: become ?? [], env: { ...env, ...cbsd?.env } }).finally(() => cbsd?.end())
  const [words, ...rest] = endWords(end)
  say(words)
  for (const line of rest) more(line)
  for (const { name, log, pid } of started) more(`${name} goes on running (${pid ? `process id in ${pid}, ` : ''}log: ${log}).`)
  process.exitCode = end.code
} catch (error) {
  report(error)
  process.exitCode = 1
}
