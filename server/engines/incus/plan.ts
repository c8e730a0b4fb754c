import { AppError } from '@/server/errors'
import type { EngineInfo } from '@/server/model/capability'
import type { Guest, Snapshot } from '@/server/model/guest'
import { type CommonOperation, hasFurtherSettings, type Operation } from '@/server/model/operation'
import type { Argv, Expectation, Plan, Step } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import { type Client, isSnapshotName } from './client'
import { keepsNoDisks, writeBytes } from './limits'
import type { HostTotals } from './parse'
import { startStep } from './start-step'

/** How long a guest may take to shut down before a stop counts as failed, seconds. */
const stopSeconds = 60
const copyMs = 3_600_000

/** `totals`: what the host has; read for `set` only. */
export type Known = { client: Client; info: EngineInfo; guest: Guest; snapshots: Snapshot[]; totals?: HostTotals }
type On<K extends Operation['kind']> = Extract<Operation, { kind: K }>

const refuse = (words: string, field?: string) => new AppError('refused', words, field)

function single(known: Known, title: string, argv: Argv, expect: Expectation, more: Partial<Step> = {}, warnings: string[] = []): Plan {
  const step: Step = { title, argv, env: known.client.env, timeoutMs: 120_000, ...more }
  return { steps: [step], expect, warnings, locks: [`guest:${known.guest.name}`] }
}

function planSet(op: On<'set'>, known: Known): Plan {
  const { client, guest, totals } = known
  const { cpus, memoryBytes, autostart } = op
  const warnings: string[] = []
  const settings: string[] = []
  if (cpus !== undefined) settings.push(`limits.cpu=${cpus}`)
  if (memoryBytes !== undefined) settings.push(`limits.memory=${writeBytes(memoryBytes)}`)
  if (autostart !== undefined) settings.push(`boot.autostart=${autostart}`)
  if (hasFurtherSettings(op)) throw refuse(`${known.info.name} has no such settings here`)
  if (settings.length === 0) throw new AppError('invalid', 'Nothing is to be changed')
  if (totals && cpus !== undefined && cpus > totals.cpus) warnings.push(`The host has only ${totals.cpus} processors.`)
  if (totals && memoryBytes !== undefined && memoryBytes > totals.memoryBytes)
    warnings.push(`The host has only ${formatBytes(totals.memoryBytes)} of memory.`)
  if (guest.type === 'vm' && guest.state === 'running' && memoryBytes !== undefined && memoryBytes > guest.memoryBytes)
    throw refuse('Stop it first: the memory of a running VM cannot grow here', 'operation.memoryBytes')
  const expect: Expectation = { kind: 'guest', name: guest.name, fields: { cpus, memoryBytes, autostart } }
  return single(known, 'Change its settings', client.argv('config', 'set', guest.name, ...settings), expect, {}, warnings)
}

function planSnapshot(op: On<'snapshot.create' | 'snapshot.restore' | 'snapshot.remove'>, known: Known): Plan {
  const { client, guest, snapshots } = known
  const { dialect } = client
  const exists = snapshots.some((each) => each.name === op.snapshot)
  const snapshot = (present: boolean): Expectation => ({ kind: 'snapshot', name: guest.name, snapshot: op.snapshot, present })
  if (op.kind === 'snapshot.create') {
    if (exists) throw new AppError('conflict', `There is already a snapshot ${op.snapshot}`, 'operation.snapshot')
    const argv = client.argv(...dialect.snapshotCreate(guest.name, op.snapshot))
    const warnings = guest.state === 'stopped' ? [] : ['Disks only: what is in memory is not part of it.']
    const undo = client.argv(...dialect.snapshotRemove(guest.name, op.snapshot))
    return single(known, `Take snapshot ${op.snapshot}`, argv, snapshot(true), { timeoutMs: copyMs, undo }, warnings)
  }
  if (!exists || !isSnapshotName(op.snapshot)) throw new AppError('not-found', `There is no snapshot ${op.snapshot}`, 'operation.snapshot')
  if (op.kind === 'snapshot.remove') {
    const argv = client.argv(...dialect.snapshotRemove(guest.name, op.snapshot))
    return single(known, `Remove snapshot ${op.snapshot}`, argv, snapshot(false), { timeoutMs: copyMs })
  }
  if (guest.state === 'paused') throw refuse('Resume or stop it first: a paused guest cannot be restored')
  const warnings = guest.state === 'running' ? ['It is stopped for this and started again.'] : []
  const argv = client.argv(...dialect.snapshotRestore(guest.name, op.snapshot))
  const expect: Expectation = { kind: 'guest', name: guest.name, states: [guest.state] }
  return single(known, `Restore snapshot ${op.snapshot}`, argv, expect, { timeoutMs: copyMs }, warnings)
}

/** Plans an operation on an instance that exists. The caller has read it just now; nothing is changed. */
export function planOperation(op: Exclude<CommonOperation, { kind: 'create' }>, known: Known): Plan {
  const { client, guest } = known
  const { name } = guest
  const guestIs = (...states: Guest['state'][]): Expectation => ({ kind: 'guest', name, states })
  const shutdown = { timeoutMs: (stopSeconds + 30) * 1000 }
  const timeout = ['--timeout', String(stopSeconds)]
  switch (op.kind) {
    case 'start':
      return { steps: [startStep(client, name)], expect: guestIs('running'), warnings: [], locks: [`guest:${name}`] }
    case 'stop':
      return single(known, `Ask ${name} to shut down`, client.argv('stop', name, ...timeout), guestIs('stopped'), shutdown)
    case 'kill':
      return single(known, `Stop ${name} at once`, client.argv('stop', name, '--force'), guestIs('stopped'))
    case 'restart':
      return single(known, `Restart ${name}`, client.argv('restart', name, ...timeout), guestIs('running'), shutdown)
    case 'pause':
      return single(known, `Pause ${name}`, client.argv('pause', name), guestIs('paused'))
    case 'resume':
      return single(known, `Resume ${name}`, client.argv(...client.dialect.resume(name)), guestIs('running'))
    case 'rename': {
      const undo = client.argv('rename', op.newName, name)
      const plan = single(
        known,
        `Rename to ${op.newName}`,
        client.argv('rename', name, op.newName),
        { kind: 'guest', name: op.newName },
        { undo },
      )
      return { ...plan, locks: [...plan.locks, `guest:${op.newName}`] }
    }
    case 'clone': {
      const argv = client.argv('copy', name, op.newName, '--instance-only')
      const undo = client.argv('delete', '--force', op.newName)
      const more: Partial<Step> = { timeoutMs: copyMs, progress: 'percent', undo }
      const expect: Expectation = { kind: 'guest', name: op.newName, states: ['stopped'] }
      const warnings = known.snapshots.length > 0 ? ['Its snapshots are not copied.'] : []
      const plan = single(known, `Copy to ${op.newName}`, argv, expect, more, warnings)
      return { ...plan, locks: [...plan.locks, `guest:${op.newName}`] }
    }
    case 'remove': {
      if (!op.disks) throw refuse(keepsNoDisks(known.info.name), 'operation.disks')
      const count = known.snapshots.length
      const warnings = count > 0 ? [`Its ${count === 1 ? 'snapshot goes' : `${count} snapshots go`} with it.`] : []
      return single(
        known,
        `Remove ${name} and its disk`,
        client.argv('delete', name),
        { kind: 'absent', name },
        { timeoutMs: 600_000 },
        warnings,
      )
    }
    case 'set':
      return planSet(op, known)
    default:
      return planSnapshot(op, known)
  }
}
