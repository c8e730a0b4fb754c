import { describe, expect, it } from 'vitest'
import { can } from '@/server/model/can'
import { aGuest } from '@/server/model/fixture-guest'
import type { GuestOperation, Operation } from '@/server/model/operation'
import { aJail, aVm, knownOf } from './fixture-known'
import { emulators, guestRules, keepsNoDisks } from './guest-rules'
import { planCbsd } from './plan'
import { operationsOf } from './probe'
import { hypervisors } from './types'

const engine = { ...knownOf().cbsd.info, rules: guestRules }

/** One of each that some guests cannot have. */
const asked: GuestOperation[] = [
  { kind: 'rename', name: 'g', newName: 'other' },
  { kind: 'clone', name: 'g', newName: 'other' },
  { kind: 'export', name: 'g', compress: 0 },
  { kind: 'snapshot.create', name: 'g', snapshot: 'new' },
  { kind: 'snapshot.restore', name: 'g', snapshot: 'old' },
  { kind: 'snapshot.remove', name: 'g', snapshot: 'old' },
  { kind: 'limits', name: 'g', limits: { maxproc: '10' } },
  { kind: 'migrate', name: 'g', node: 'node2', live: false },
  { kind: 'disk.add', name: 'g', sizeBytes: 2 ** 30, controller: 'virtio-blk' },
  { kind: 'disk.grow', name: 'g', disk: 'dsk1.vhd', sizeBytes: 2 ** 40 },
  { kind: 'disk.remove', name: 'g', disk: 'dsk1.vhd' },
  { kind: 'share.add', name: 'g', share: 's', path: '/tmp', readOnly: true },
  { kind: 'share.remove', name: 'g', share: 's' },
  { kind: 'checkpoint.create', name: 'g', checkpoint: 'c' },
  { kind: 'checkpoint.remove', name: 'g' },
  { kind: 'pause', name: 'g' },
  { kind: 'resume', name: 'g' },
  { kind: 'media.attach', name: 'g', medium: 'a.iso' },
  { kind: 'media.eject', name: 'g', medium: 'a.iso' },
]

const refusal = (operation: Operation, guest: ReturnType<typeof aJail>) =>
  planCbsd(operation, knownOf({ guests: [guest], snapshots: [{ name: 'old', current: false, memory: false }] })).then(
    () => null,
    (error: Error) => error.message,
  )

describe('what CBSD refuses of some guests', () => {
  it.each(['stopped', 'running', 'paused'] as const)('the plan says it in the words of the greyed button: %s', async (state) => {
    for (const guest of [aJail('g', state), ...hypervisors.map((each) => aVm('g', each, state))])
      for (const operation of asked) {
        const said = can(operation.kind, guest.guest, engine)
        const ruled = guestRules.some(({ words }) => words === said)
        if (ruled)
          expect([guest.guest.emulator, operation.kind, await refusal(operation, guest)]).toEqual([
            guest.guest.emulator,
            operation.kind,
            said,
          ])
      }
  })

  it('names the kind that cannot, whatever its state', () => {
    for (const each of ['qemu', 'xen', 'virtualbox'] as const)
      for (const state of ['running', 'stopped'] as const) {
        const said = can('clone', aGuest('g', { emulator: emulators[each], state }), engine)
        expect(said).toMatch(/^CBSD cannot clone \w+ guests: only jails and bhyve VMs$/)
      }
  })

  it('greys the way back to a snapshot while the guest runs, and only then', () => {
    const restore = (state: 'running' | 'stopped') => can('snapshot.restore', aGuest('g', { emulator: 'jail', state }), engine)
    expect(restore('running')).toBe('Stop it first: CBSD would put its files back under the running system')
    expect(restore('stopped')).toBe(true)
  })

  it('says that disks go with their guest, in the dialog and in the plan', async () => {
    expect(await refusal({ kind: 'remove', name: 'g', disks: false }, aJail('g'))).toBe(keepsNoDisks)
  })

  it('greys limits where nothing accounts for them, and says how that is turned on', () => {
    const node = knownOf().cbsd.node
    const runs = new Map([['bhyve', true]])
    expect(operationsOf({ ...node, racct: true }, true, true, runs).limits).toBeUndefined()
    expect(operationsOf({ ...node, racct: false }, true, true, runs).limits).toMatch(/kern\.racct\.enable=1 into \/boot\/loader\.conf/)
  })
})
