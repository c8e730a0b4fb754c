import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { inClone, root } from './paths.mjs'
import { say } from './say.mjs'

const withParent = inClone('scripts/lib/with-parent.mjs')

/**
 * The built server's argv, to be run in the clone. It ends when its standard input does.
 * V8 otherwise lets the heap grow to several times of what lives in it. Source maps would cost 45 MB: Next reads those of
 * every page; `dist/main.js` is readable as it is.
 */
export const serverCommand = () => [process.execPath, '--optimize-for-size', '--import', withParent, 'dist/main.js']

/** glibc keeps what is freed, per thread; what libraries take for a moment (the hash of a password takes 19 MB) goes back with these. */
const memory = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

/** How the server is started: built, or from its sources with reload. */
function command({ dev, become, env }) {
  if (dev) return [process.execPath, inClone('node_modules/tsx/dist/cli.mjs'), 'watch', '--clear-screen=false', 'server/main.ts', '--dev']
  const node = serverCommand()
  // sudo drops the environment; what the server reads is named.
  return become.length > 0 ? [...become, 'env', ...Object.entries(env).map(([key, value]) => `${key}=${value}`), ...node] : node
}

/**
 * Runs the server until it ends; resolves with its exit code and, where a signal ended it, the name of that (`endOf`).
 * It is in a process group of its own, so that Ctrl-C reaches it once, from here, however often npm and the terminal say it.
 */
export function serve({ dev, become, env }) {
  const [program, ...args] = command({ dev, become, env })
  const child = spawn(program, args, {
    cwd: root,
    detached: true,
    env: { ...process.env, ...env, NODE_ENV: dev ? 'development' : 'production' },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  child.stdin?.on('error', () => {}) // The pipe only tells the server that we are gone.
  let asked = 0
  const stop = () => {
    // A terminal and npm both pass one Ctrl-C on; a later one means "at once".
    if (asked > 0 && Date.now() - asked < 1_000) return
    if (asked === 0) setTimeout(() => signal(child.pid, 'SIGKILL', true), 20_000).unref()
    asked = Date.now()
    signal(child.pid, 'SIGTERM', dev)
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop)
  return new Promise((resolve) => {
    child.on('error', (error) => {
      say(`The server could not be started: ${error.message}`)
      resolve({ code: 1, signal: null })
    })
    child.on('close', (code, how) => resolve(asked > 0 ? { code: 0, signal: null } : endOf(code, how)))
  })
}

/** How a child ended. A signal counts as a shell counts it, 128 and its number; sudo and doas pass it on in the same way. */
export function endOf(code, how) {
  const number = how ? constants.signals[how] : code > 128 ? code - 128 : 0
  const signal = Object.keys(constants.signals).find((name) => constants.signals[name] === number) ?? null
  return { code: signal ? 128 + number : (code ?? 1), signal }
}

/** The same in words, for who sees the terminal. */
export function endWords({ code, signal }) {
  if (code === 0) return ['The server has ended.']
  if (!signal) return [`The server ended with code ${code}; what it said before says why.`]
  const after = 'Guests go on running. Jobs that it ran are shown as interrupted when it is started again.'
  if (signal !== 'SIGKILL') return [`The server was ended by the signal ${signal}.`, after]
  return ['The server was killed (signal SIGKILL): by somebody, or by the kernel because memory ran out (dmesg tells).', after]
}

function signal(pid, name, group) {
  if (!pid) return
  try {
    process.kill(group ? -pid : pid, name)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error // Gone already.
  }
}

/** Settings of the server that come from our surroundings, as its environment. */
export function serverEnv({ hostSetup, privileged }) {
  const names = Object.keys(process.env).filter((name) => /^(BAILIWICK_|HOST$|PORT$|NEXT_TELEMETRY)/.test(name))
  const env = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']))
  env.BAILIWICK_HOST_SETUP = hostSetup ? '1' : '0'
  env.NEXT_TELEMETRY_DISABLED = '1'
  // Node 22 and later keep compiled code there, which halves the time to the first page; Node 20 ignores it.
  env.NODE_COMPILE_CACHE = inClone('.bailiwick/compile-cache')
  env.NODE_ENV = 'production'
  // A line for each job and console would push the set-up link out of sight; the pages show them.
  env.BAILIWICK_LOG ??= 'warn'
  Object.assign(env, memory)
  // A libvirt guest runs as its own user, which cannot read below most home folders.
  if (hostSetup && privileged && !env.BAILIWICK_STORE && existsSync('/var/lib')) env.BAILIWICK_STORE = '/var/lib/bailiwick'
  return env
}
