import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { capture } from './run.mjs'

async function must(...argv) {
  const { code, stderr } = await capture(argv)
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr.trim()}`)
}

/** Folders that get an empty one laid over them; with `copy`, one with the machine's own content. */
const folders = [
  { path: '/etc/libvirt', copy: true },
  { path: '/var/lib/libvirt', copy: true, skip: /\/(images|qemu|dnsmasq)\/./ },
  { path: '/var/cache/libvirt' },
  { path: '/var/log/libvirt' },
  { path: '/var/lib/incus' },
  { path: '/var/cache/incus' },
  { path: '/var/log/incus' },
  { path: '/var/lib/bailiwick' },
]

/**
 * Lays private folders over the state of every engine. Runs in a mount namespace of its own, as root.
 * `/run` is empty afterwards: no systemd, no D-Bus, no daemon of the machine is in sight.
 */
export async function hideState(state) {
  await must('mount', '--make-rprivate', '/')
  await freshSys(state)
  for (const { path, copy, skip } of folders) {
    if (!existsSync(path)) continue // Not installed, so nobody's state can be there.
    const own = join(state, path)
    if (copy) cpSync(path, own, { recursive: true, preserveTimestamps: true, filter: (from) => !skip?.test(from) && plain(from) })
    else mkdirSync(own, { recursive: true })
    await must('chown', '--reference', path, own)
    await must('chmod', '--reference', path, own)
    await must('mount', '--bind', own, path)
  }
  await privateKvm(state)
  await freshRun(state)
}

/** Set-up may open /dev/kvm; in here it is a device file of our own, so that the machine's stays as it is. */
async function privateKvm(state) {
  if (!existsSync('/dev/kvm')) return
  const own = join(state, 'kvm')
  await must('mknod', own, 'c', '10', '232')
  await must('mount', '--bind', own, '/dev/kvm')
}

// Sockets and pipes are somebody's; they cannot be copied.
const plain = (path) => {
  const stat = lstatSync(path)
  return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()
}

/** sysfs shows the network namespace of who mounted it, so it is mounted again, and what was below is put back. */
async function freshSys(state) {
  const old = join(state, 'sys')
  mkdirSync(old)
  const below = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith('/sys/'))
    .map((path) => path.slice('/sys/'.length))
  const tops = below.filter((path) => !below.some((other) => path !== other && path.startsWith(`${other}/`)))
  await must('mount', '--rbind', '/sys', old)
  await must('mount', '-t', 'sysfs', 'sysfs', '/sys')
  for (const path of new Set(tops)) await must('mount', '--rbind', join(old, path), join('/sys', path))
  await must('umount', '--lazy', '--recursive', old)
}

/** An empty /run, and a resolv.conf that asks slirp4netns, which asks whom the machine asks. */
async function freshRun(state) {
  await must('mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run')
  mkdirSync('/run/lock', { mode: 0o1777 })
  const text = 'nameserver 10.0.2.3\n'
  const name = '/etc/resolv.conf'
  if (lstatSync(name).isSymbolicLink()) {
    const target = resolve(dirname(name), readlinkSync(name))
    if (target.startsWith('/run/')) mkdirSync(dirname(target), { recursive: true })
    if (target.startsWith('/run/')) return writeFileSync(target, text)
  }
  const own = join(state, 'resolv.conf')
  writeFileSync(own, text)
  await must('mount', '--bind', own, name)
}

/** Waits until the way out has an address; asks for it by one line on standard output, which the outside reads. */
export async function joinOutside() {
  await must('ip', 'link', 'set', 'lo', 'up')
  process.stdout.write('ready for a network\n')
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    if (networkInterfaces().tap0?.some(({ family }) => family === 'IPv4')) return true
    await new Promise((done) => setTimeout(done, 50))
  }
  return false
}
