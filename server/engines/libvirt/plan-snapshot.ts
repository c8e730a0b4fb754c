import type { Snapshot } from '@/server/model/guest'
import type { Plan } from '@/server/model/plan'
import type { Domain } from './parse-domain'
import { locks, onDomain, type Planning, refuse } from './planning'
import type { Read } from './reader'

/** Why a VM cannot be snapshotted inside its disks, or null. Seen with libvirt 9.0 and QEMU 7.2. */
export function snapshotObstacle(domain: Domain): string | null {
  const writable = domain.disks.filter((disk) => disk.device === 'disk' && !disk.readOnly)
  if (writable.length === 0) return 'It has no disk: a snapshot is kept on a qcow2 disk'
  const other = writable.find((disk) => disk.format !== 'qcow2')
  if (other) return `Its disk ${other.target} is ${other.format ?? 'of unknown format'}: a snapshot needs qcow2 disks`
  if (domain.nvram || domain.firmware === 'efi') return 'It boots by UEFI: libvirt cannot keep a snapshot of the firmware inside a disk'
  if (domain.hostDevices > 0) return 'It uses devices or folders of the host: their state cannot be kept'
  return null
}

export function planSnapshotCreate(p: Planning, { domain, guest }: Read, snapshot: string, there: Snapshot[]): Plan {
  const obstacle = snapshotObstacle(domain)
  if (obstacle) refuse(obstacle)
  if (there.some((s) => s.name === snapshot)) refuse(`It has already a snapshot ${snapshot}`, 'snapshot')
  const live = guest.state === 'running' || guest.state === 'paused'
  return {
    steps: [
      {
        title: live ? 'Keep its disks and memory' : 'Keep its disks',
        argv: onDomain(p, 'snapshot-create-as', domain, '--name', snapshot),
        timeoutMs: 600_000,
      },
    ],
    expect: { kind: 'snapshot', name: domain.name, snapshot, present: true },
    warnings: guest.state === 'running' ? ['It stands still while its memory is written'] : [],
    locks: locks(domain.name),
  }
}

const found = (snapshot: string, there: Snapshot[]): Snapshot =>
  there.find((s) => s.name === snapshot) ?? refuse(`It has no snapshot ${snapshot}`, 'snapshot')

export function planSnapshotRestore(p: Planning, { domain }: Read, snapshot: string, there: Snapshot[]): Plan {
  const { state } = found(snapshot, there)
  const after = state === 'running' ? 'running' : state === 'paused' ? 'paused' : 'stopped'
  return {
    steps: [
      {
        title: `Go back to ${snapshot}`,
        argv: onDomain(p, 'snapshot-revert', domain, '--snapshotname', snapshot),
        timeoutMs: 600_000,
      },
    ],
    expect: { kind: 'guest', name: domain.name, states: [after] },
    warnings: ['What changed on its disks and in its memory since then is lost'],
    locks: locks(domain.name),
  }
}

export function planSnapshotRemove(p: Planning, { domain }: Read, snapshot: string, there: Snapshot[]): Plan {
  found(snapshot, there)
  return {
    steps: [
      {
        title: `Remove the snapshot ${snapshot}`,
        argv: onDomain(p, 'snapshot-delete', domain, '--snapshotname', snapshot),
        timeoutMs: 600_000,
      },
    ],
    expect: { kind: 'snapshot', name: domain.name, snapshot, present: false },
    warnings: [],
    locks: locks(domain.name),
  }
}
