import { existsSync } from 'node:fs'
import { addBackports, backportsFile, planBackports } from './backports.mjs'
import { runDir, startDaemon, stoppedDaemons } from './daemons.mjs'
import { defaultNetworkIsUntouched, startDefaultNetwork } from './default-network.mjs'
import { examineIncus, initIncus } from './incus-init.mjs'
import { kvmDeviceIsClosed, openKvmDevice } from './kvm-device.mjs'
import { hasApt, installGroups, missing, refreshLists, wanted } from './packages.mjs'
import { inClone } from './paths.mjs'
import { CommandError, capture } from './run.mjs'
import { more, say, step } from './say.mjs'
import { isStamped, stamp } from './stamp.mjs'
import { hasSystemd, which } from './system.mjs'

const storeDir = process.env.BAILIWICK_STORE || '/var/lib/bailiwick'

/** Prints what failed, its last lines and what to try, and lets set-up go on. */
export function report(error) {
  say(error.message)
  if (error instanceof CommandError) {
    more(...error.tail.map((line) => `| ${line}`))
    if (error.hint) more(`Try: ${error.hint}`)
  }
}

/**
 * What set-up would change on this host, read without changing anything: packages by purpose, the backports source,
 * daemons that are installed but do not run. `system` is from `readSystem()`.
 */
export async function examine(system, options = {}) {
  const stopped = (await stoppedDaemons()).map(({ name }) => name)
  if (!system.debian || !hasApt()) return { groups: [], backports: null, stopped }
  const groups = wanted(system.debian, options)
  const absent = new Set(await missing(groups.flatMap(({ names }) => names)))
  const needed = groups
    .map((group) => ({ ...group, names: group.names.filter((name) => absent.has(name)) }))
    .filter(({ names }) => names.length > 0)
  const fromBackports = needed.some(({ suite }) => suite)
  return { groups: needed, backports: fromBackports ? planBackports(system.codename) : null, stopped }
}

/** True when there is something to announce. */
export const isComplete = ({ groups, stopped }) => groups.length === 0 && stopped.length === 0

/** Says everything that set-up will change, before it changes anything. */
export function announce({ groups, backports, stopped }, { serve = true } = {}) {
  say('This machine lacks some of what Bailiwick needs. What happens now:')
  if (backports && !backports.there) more(`• adds ${backportsFile} with the suite ${backports.suite} of ${backports.uri}`)
  for (const { why, names, suite } of groups) more(`• installs for ${why}: ${names.join(' ')}${suite ? ` (from ${suite})` : ''}`)
  if (!serve) return
  const purposes = groups.map(({ why }) => why)
  const daemons = [...stopped]
  if (purposes.includes('VMs')) daemons.push('virtlogd', 'libvirtd')
  if (purposes.includes('containers')) daemons.push('incusd')
  const unique = [...new Set(daemons)]
  const how = hasSystemd() ? 'through systemd' : `directly (logs and process ids in ${runDir})`
  if (unique.length > 0) more(`• starts ${unique.join(', ')} ${how}`)
  const libvirt = unique.some((name) => name === 'libvirtd' || name === 'virtqemud')
  if (libvirt) more("• starts libvirt's default network (virbr0) and marks it for autostart, if nobody changed it before")
  if (unique.includes('incusd'))
    more('• sets Incus up, if nobody did before: a storage pool in a folder, the bridge incusbr0 with NAT, the default profile')
  if (libvirt && !hasSystemd()) more('• opens /dev/kvm to the group kvm, as udev would, if it is there and closed')
  more(`• keeps images and disks in ${storeDir}`)
  if (!existsSync(inClone('node_modules')))
    more('• in this folder: fetches the npm packages, compiles those that need it and builds the pages, which takes some minutes once')
  more('Nothing else outside this folder is changed. `npm start -- --no-host-setup` changes nothing outside it.')
}

/** Installs what `examine` found. Prints what fails; never throws for one package. */
export async function install(become, { groups, backports }) {
  if (groups.length === 0) return
  if (backports && !backports.there) await addBackports(become, backports)
  const complaints = await step('Reading the package lists', () => refreshLists(become))
  if (complaints.length > 0) more('A package source did not answer; the others were read:', ...complaints.map((line) => `| ${line}`))
  const count = groups.reduce((sum, { names }) => sum + names.length, 0)
  const failed = await step(`Installing ${count} packages and what they need`, () =>
    installGroups(become, groups, ({ why }) => say(`Installing what is needed for ${why}`)),
  )
  for (const { why, error } of failed) {
    say(`What is needed for ${why} could not be installed. Bailiwick goes on without it.`)
    report(error)
  }
}

/** Starts stopped daemons and sets untouched engines up. Returns the daemons it started. */
export async function prepareEngines(become) {
  const started = []
  if (kvmDeviceIsClosed()) for (const argv of openKvmDevice) await capture([...become, ...argv])
  for (const daemon of await stoppedDaemons()) {
    try {
      started.push(await step(`Starting ${daemon.name}`, () => startDaemon(become, daemon)))
    } catch (error) {
      report(error)
    }
  }
  // Looked at once, and again after a daemon was started: what a person switches off later stays off.
  if (started.length === 0 && isStamped('engines', 'prepared')) return started
  const [network, incus] = await Promise.all([
    which('virsh') ? defaultNetworkIsUntouched(become) : false,
    which('incus') && existsSync('/var/lib/incus/unix.socket') ? examineIncus(become) : null,
  ])
  const attempts = [
    network && (() => step("Starting libvirt's default network", () => startDefaultNetwork(become))),
    incus?.untouched &&
      (() => step('Setting Incus up', () => initIncus(become)).then((subnet) => say(`Containers get addresses in ${subnet}`))),
  ]
  if (incus?.words) {
    say('Incus was set up before, so nothing of it was changed.')
    more(...incus.words)
  }
  for (const attempt of attempts) if (attempt) await attempt().catch(report)
  stamp('engines', 'prepared')
  return started
}
