import { readFileSync, statSync } from 'node:fs'
import { hasSystemd } from './system.mjs'

const device = '/dev/kvm'

/** The number of the group `kvm`, which libvirt's QEMU user belongs to; null where there is none. */
function kvmGroup() {
  const line = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('kvm:'))
  return line ? Number(line.split(':')[2]) : null
}

/**
 * True when QEMU's user cannot open /dev/kvm although it should. libvirt then examines QEMU anew at every start of a VM,
 * which was seen to take 4.5 s instead of 0.4 s, with or without KVM in use. Where udev runs, it is udev's to set.
 */
export function kvmDeviceIsClosed() {
  if (hasSystemd()) return false
  try {
    const { gid, mode } = statSync(device)
    return kvmGroup() !== null && (gid !== kvmGroup() || (mode & 0o060) !== 0o060)
  } catch {
    return false // No such device: nothing to open.
  }
}

/** The commands that open it to the group, as udev would. */
export const openKvmDevice = [
  ['chgrp', 'kvm', device],
  ['chmod', '0660', device],
]
