import type { Engine } from '../types'
import { openLibvirt } from './engine-host'
import { probe } from './probe'

/** Everything that virsh reaches: QEMU, and libvirt's other drivers by another address. */
export const libvirt: Engine = {
  kind: 'libvirt',
  probe: (host, context, signal) => probe(host, context.exec, signal),
  open: openLibvirt,
}
