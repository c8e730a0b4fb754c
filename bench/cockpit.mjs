import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture } from '../scripts/lib/run.mjs'
import { which } from '../scripts/lib/system.mjs'
import { freePort, until } from './server.mjs'

/** A bus on which everybody may do everything: it is in namespaces of our own, and only root is there. */
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <limit name="max_replies_per_connection">50000</limit>
  <policy context="default"><allow send_destination="*"/><allow own="*"/><allow user="*"/></policy>
</busconfig>
`

const wsPrograms = ['/usr/lib/cockpit/cockpit-ws', '/usr/libexec/cockpit-ws']

/**
 * Cockpit of this Debian, without systemd and without a login: cockpit-ws on loopback with one session of its bridge, and
 * for its machines a system bus and libvirt-dbus. Resolves with its address, its versions and `close`, which ends all of
 * it. Rejects with what is missing.
 */
export async function startCockpit(folder) {
  const program = wsPrograms.find((path) => existsSync(path))
  if (!program || !which('cockpit-bridge')) throw new Error('cockpit-ws and cockpit-bridge are not here')
  mkdirSync(folder, { recursive: true })
  for (const path of ['/run/dbus', '/run/cockpit', '/run/user/0']) mkdirSync(path, { recursive: true, mode: 0o755 })
  const children = []
  const env = {
    PATH: process.env.PATH,
    HOME: '/root',
    USER: 'root',
    LOGNAME: 'root',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: '/run/user/0',
  }
  const run = (...argv) => {
    const log = openSync(join(folder, `${argv[0].split('/').at(-1)}.log`), 'w')
    const child = spawn(argv[0], argv.slice(1), { cwd: '/root', env, stdio: ['ignore', log, log] })
    child.on('error', () => {}) // What waits for it says that it is not there.
    children.push(child)
  }
  const close = async () => {
    for (const child of children.reverse()) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode) continue
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await Promise.race([ended, new Promise((done) => setTimeout(done, 3000))])
      if (child.exitCode === null && !child.signalCode) child.kill('SIGKILL')
    }
  }
  try {
    const config = join(folder, 'bus.conf')
    writeFileSync(config, busConfig)
    run('dbus-daemon', `--config-file=${config}`, '--nofork', '--nopidfile')
    await until('the bus is there', async () => existsSync('/run/dbus/system_bus_socket'), 10_000)
    if (which('libvirt-dbus')) run('libvirt-dbus', '--system')
    const port = await freePort()
    run(program, '--no-tls', '--address=127.0.0.1', `--port=${port}`, '--local-session=cockpit-bridge')
    const base = `http://127.0.0.1:${port}`
    await until('Cockpit answers', async () => (await fetch(base).catch(() => null))?.ok, 20_000)
    return { base, pids: children.map(({ pid }) => pid), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Versions of the packages as Debian names them. They may be unpacked only, so their own words are asked. */
export async function cockpitVersion() {
  const { stdout } = await capture(['cockpit-bridge', '--version'])
  return /Version:\s*(\S+)/.exec(stdout)?.[1] ?? /(\d[\w.~+-]*)/.exec(stdout)?.[1] ?? '?'
}
