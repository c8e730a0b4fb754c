import type { Engine } from '../types'
import { openLibvirt } from './engine-host'
import { probe } from './probe'
import { withStore } from './store'

/** Everything that virsh reaches: QEMU, and libvirt's other drivers by another address. */
export const libvirt: Engine = {
  kind: 'libvirt',
  probe: async (host, context, signal) => withStore(await probe(host, context.exec, signal), host.libvirtUri, context, signal),
  open: openLibvirt,
}
