import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { answers, waitForAnswer } from './answers.mjs'
import { incusDaemon } from './packages.mjs'
import { CommandError, capture, lastLines } from './run.mjs'
import { hasSystemd, which } from './system.mjs'

const starter = fileURLToPath(new URL('daemon.mjs', import.meta.url))
export const runDir = '/run/bailiwick'

/** The daemons that are installed, in the order to start them. `socket` tells whether one runs; `unit` is systemd's name. */
export function installedDaemons() {
  const list = []
  const libvirtd = which('libvirtd')
  if (libvirtd) {
    const virtlogd = which('virtlogd')
    if (virtlogd) list.push({ name: 'virtlogd', unit: 'virtlogd.socket', argv: [virtlogd], socket: '/run/libvirt/virtlogd-sock' })
    list.push({ name: 'libvirtd', unit: 'libvirtd.socket', argv: [libvirtd], socket: '/run/libvirt/libvirt-sock' })
  }
  const incusd = incusDaemon()
  const socket = '/var/lib/incus/unix.socket'
  if (incusd) list.push({ name: 'incusd', unit: 'incus.socket', argv: [incusd, '--group', 'incus-admin'], socket })
  return list
}

/** Those of `installedDaemons()` on whose socket nobody listens. A socket we may not open counts as running. */
export async function stoppedDaemons() {
  const list = installedDaemons()
  const states = await Promise.all(list.map(({ socket }) => answers(socket)))
  return list.filter((_, i) => states[i] === 'no')
}

/** The last lines of a daemon's log, for an error. */
function logTail(path) {
  try {
    return lastLines(readFileSync(path, 'utf8'), 8)
  } catch {
    return [] // Only root may read it, or it wrote nothing.
  }
}

/**
 * Starts one: through systemd where systemd runs, by itself otherwise.
 * Returns where its log is; throws with the reason when nobody listens on its socket within 30 s.
 */
export async function startDaemon(become, daemon) {
  const systemd = hasSystemd()
  const argv = systemd ? ['systemctl', 'start', daemon.unit] : [process.execPath, starter, runDir, daemon.name, ...daemon.argv]
  const { code, stderr } = await capture([...become, ...argv], { timeoutMs: 60_000 })
  const log = systemd ? `journalctl -u ${daemon.name}` : `${runDir}/${daemon.name}.log`
  const fail = (what) =>
    new CommandError(argv, what, systemd ? [] : logTail(log), `look at ${log}; \`${daemon.argv.join(' ')}\` starts it by hand`)
  if (code !== 0) throw fail(`${code}: ${stderr.trim()}`)
  if (!(await waitForAnswer(daemon.socket, 30_000))) throw fail('nobody who answers')
  return { name: daemon.name, log, pid: systemd ? null : `${runDir}/${daemon.name}.pid` }
}
