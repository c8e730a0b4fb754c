import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inClone, root } from './paths.mjs'
import { which } from './system.mjs'

const stateParent = '/var/tmp'
const prefix = 'bailiwick-test-'

/** Removes state of test runs whose process is gone. */
function sweep() {
  for (const name of readdirSync(stateParent)) {
    const match = new RegExp(`^${prefix}(\\d+)-`).exec(name)
    if (match && !existsSync(`/proc/${match[1]}`)) rmSync(join(stateParent, name), { recursive: true, force: true })
  }
}

/** Control groups that engines leave when they are killed: `lxc.*` and libvirt's. */
function engineGroups(folder = '/sys/fs/cgroup', depth = 0) {
  const found = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const path = join(folder, entry.name)
    if (/^lxc\.|libvirt-qemu$|^machine(\.slice)?$/.test(entry.name)) found.push(path)
    else if (depth < 1) found.push(...engineGroups(path, depth + 1))
  }
  return found
}

/** Removes a tree of control groups where no process is in it. The kernel refuses the others. */
function removeGroup(path) {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) removeGroup(join(path, entry.name))
    rmdirSync(path)
  } catch {
    // Somebody is in it, or it is gone: not ours to remove.
  }
}

/** How many runs are under way, and the control groups from before the first: while one runs, any may be its own. */
let running = 0
let before = new Set()

/**
 * Runs `node <script> <args…>` as root in namespaces of its own: mounts, processes and network.
 * It sees empty state folders of libvirt, Incus and Bailiwick, reaches the outside through slirp4netns, and everything
 * it started dies with it. Resolves with its exit code. The machine is left as it was found. Several may run at once.
 */
export async function runIsolated(script, args, { env = {}, onLine } = {}) {
  sweep()
  const state = mkdtempSync(join(stateParent, `${prefix}${process.pid}-`))
  chmodSync(state, 0o755) // QEMU runs as another user and reads its disks below.
  if (running++ === 0) before = new Set(existsSync('/sys/fs/cgroup') ? engineGroups() : [])
  const child = spawn(
    which('unshare') ?? 'unshare',
    [
      '--mount',
      '--pid',
      '--net',
      '--fork',
      '--kill-child',
      '--mount-proc',
      '--',
      'tini',
      '--',
      process.execPath,
      inClone(script),
      state,
      ...args,
    ],
    // Standard input is how the inside knows that we are still here; 3 and 4 hand the network over.
    { cwd: root, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  child.stdin.on('error', () => {})
  const stop = () => child.stdin.end()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, stop)
  let network = null
  let rest = ''
  child.stdout.on('data', (data) => {
    const lines = (rest + data).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === 'ready for a network') network ??= joinNetwork(child.pid)
      else onLine(line)
    }
  })
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exit) => resolve(exit ?? 1))
  }).finally(() => running--)
  network?.kill()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, stop)
  if (running === 0) for (const path of existsSync('/sys/fs/cgroup') ? engineGroups() : []) if (!before.has(path)) removeGroup(path)
  rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  return code
}

/** Gives the namespace of unshare's child an address and a way out, without a bridge or a rule on this machine. */
function joinNetwork(unsharePid) {
  const inside = readFileSync(`/proc/${unsharePid}/task/${unsharePid}/children`, 'utf8').trim().split(' ')[0]
  const argv = ['--configure', '--mtu=65520', '--disable-host-loopback', '--exit-fd=3', inside, 'tap0']
  // When we die, so does the pipe on 3, and slirp4netns with it.
  const child = spawn('slirp4netns', argv, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  let words = ''
  child.stderr.on('data', (data) => {
    words += data
  })
  child.on('error', (error) => console.error(`slirp4netns: ${error.message}`))
  child.on('close', (code) => {
    if (code) console.error(`slirp4netns ended with ${code}: ${words.trim()}`)
  })
  return child
}
