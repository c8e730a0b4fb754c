import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { answers, waitForAnswer } from './answers.mjs'
import { incusDaemon } from './packages.mjs'
import { CommandError, capture, lastLines } from './run.mjs'
import { hasSystemd, which } from './system.mjs'

const starter = fileURLToPath(new URL('daemon.mjs', import.meta.url))
export const runDir = '/run/bailiwick'

/** libvirt's modular daemons, where they replace libvirtd: one for VMs, and those that VMs ask for networks, disks and devices. */
const modular = ['virtqemud', 'virtnetworkd', 'virtstoraged', 'virtnodedevd', 'virtsecretd', 'virtnwfilterd']

/**
 * libvirt's daemons, in the order to start them. `find` gives the path of a program or null. Both kinds may be installed;
 * the modular ones count where libvirtd is not, or where their socket is there: starting libvirtd beside them would split the guests.
 */
export function libvirtDaemons(find, isThere) {
  const daemon = (name, socket) => {
    const path = find(name)
    return path ? [{ name, unit: `${name}.socket`, argv: [path], socket: `/run/libvirt/${socket}` }] : []
  }
  const isModular = find('virtqemud') && (!find('libvirtd') || isThere('/run/libvirt/virtqemud-sock'))
  if (!isModular && !find('libvirtd')) return []
  const main = isModular ? modular.flatMap((name) => daemon(name, `${name}-sock`)) : daemon('libvirtd', 'libvirt-sock')
  return [...daemon('virtlogd', 'virtlogd-sock'), ...main]
}

/** The daemons that are installed, in the order to start them. `socket` tells whether one runs; `unit` is systemd's name. */
export function installedDaemons() {
  const list = libvirtDaemons(which, existsSync)
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
