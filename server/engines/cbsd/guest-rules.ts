import type { GuestRule } from '@/server/model/capability'
import type { Hypervisor } from './types'

/** What each kind is called in `Guest.emulator`. */
export const emulators = { bhyve: 'bhyve', qemu: 'QEMU', xen: 'Xen', virtualbox: 'VirtualBox' } satisfies Record<Hypervisor, string>
const jails = ['jail', 'Linux jail']

/** Several of them, in sentences. */
export const plurals = {
  bhyve: 'bhyve VMs',
  qemu: 'QEMU guests',
  xen: 'Xen guests',
  virtualbox: 'VirtualBox guests',
} satisfies Record<Hypervisor, string>

type Kinds = GuestRule['operations']
type Who = Hypervisor | 'jail'
const others: readonly Who[] = ['qemu', 'xen', 'virtualbox']

/** One rule for each that CBSD has no command for: each is named in its words. */
const without = (operations: Kinds, whom: readonly Who[], words: (plural: string) => string): GuestRule[] =>
  whom.map((who) => ({
    operations,
    emulators: who === 'jail' ? jails : [emulators[who]],
    words: words(who === 'jail' ? 'jails' : plurals[who]),
  }))

const off = ['stopped', 'crashed'] as const

/** How FreeBSD is made to account for what guests use: rctl(8) counts and limits nothing without. */
export const accountingRemedy = 'put kern.racct.enable=1 into /boot/loader.conf and restart the host, then run cbsd initenv'
export const limitsOff = `Limits need RACCT, which is off on this host: ${accountingRemedy}`

/** Said where its disks should stay, in the dialog and by the plan. */
export const keepsNoDisks = 'CBSD removes a guest together with its data: it cannot keep them'

/**
 * What CBSD refuses, or has no command for, by what runs a guest and how it is. Buttons and plans ask here, so that both
 * say the same. Facts: qemuctl, xenctl and vboxctl have neither clone nor rename, export, snapshots, disks nor limits.
 */
export const guestRules: GuestRule[] = [
  ...without(['rename'], others, (who) => `CBSD cannot rename ${who}: only jails and bhyve VMs`),
  ...without(['clone'], others, (who) => `CBSD cannot clone ${who}: only jails and bhyve VMs`),
  ...without(['export'], others, (who) => `CBSD cannot export ${who}: only jails and bhyve VMs`),
  ...without(
    ['snapshot.create', 'snapshot.restore', 'snapshot.remove'],
    others,
    (who) => `CBSD cannot take snapshots of ${who}: only of jails and bhyve VMs`,
  ),
  ...without(['limits'], others, (who) => `CBSD cannot limit ${who}: only jails and bhyve VMs`),
  ...without(['migrate'], others, (who) => `CBSD cannot move ${who}: only jails and bhyve VMs`),
  ...without(
    ['disk.add', 'disk.grow', 'disk.remove'],
    ['jail', ...others],
    (who) => `CBSD cannot change the disks of ${who}: only of bhyve VMs`,
  ),
  ...without(['share.add', 'share.remove'], ['jail', ...others], (who) => `CBSD cannot share folders with ${who}: only with bhyve VMs`),
  ...without(
    ['checkpoint.create', 'checkpoint.remove'],
    ['jail', ...others],
    (who) => `CBSD cannot make checkpoints of ${who}: only of bhyve VMs`,
  ),
  ...without(['pause', 'resume'], ['jail', ...others], (who) => `CBSD cannot pause ${who}: only bhyve VMs`),
  ...without(
    ['media.attach', 'media.eject'],
    ['jail', 'xen', 'virtualbox'],
    (who) => `CBSD cannot put media into ${who}: only into bhyve VMs and QEMU guests`,
  ),
  {
    operations: ['snapshot.restore'],
    unless: [...off],
    words: 'Stop it first: CBSD would put its files back under the running system',
  },
  {
    operations: ['export'],
    emulators: [emulators.bhyve],
    unless: [...off],
    words: 'Stop it first: CBSD exports a VM only while it is off',
  },
  {
    operations: ['migrate'],
    emulators: [emulators.bhyve],
    unless: ['running'],
    words: 'Start it first: CBSD moves a bhyve VM only while it runs',
  },
]
