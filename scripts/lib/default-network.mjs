import { capture } from './run.mjs'

const virsh = (become, ...args) => capture([...become, 'virsh', '-q', '-c', 'qemu:///system', ...args])

/**
 * Whether libvirt's `default` network is as the package left it: defined, never started, not marked for autostart,
 * and no other network beside it.
 */
export async function defaultNetworkIsUntouched(become) {
  const { code, stdout } = await virsh(become, 'net-list', '--all')
  if (code !== 0) return false
  const rows = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name]) => name)
  const [row] = rows
  return rows.length === 1 && row[0] === 'default' && row[1] === 'inactive' && row[2] === 'no'
}

/** Starts it and marks it for autostart; throws with libvirt's words. */
export async function startDefaultNetwork(become) {
  for (const verb of ['net-start', 'net-autostart']) {
    const { code, stderr } = await virsh(become, verb, 'default')
    if (code !== 0) throw new Error(`virsh ${verb} default: ${stderr.trim()}`)
  }
}
