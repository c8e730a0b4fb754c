import type { Guest } from '@/server/model/guest'
import type { Operation } from '@/server/model/operation'
import type { Expectation } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'

/** What a job is called, from the operation that asked for it. */
export function operationTitle(op: Operation): string {
  switch (op.kind) {
    case 'create':
      return `Create ${op.spec.name}`
    case 'rename':
      return `Rename ${op.name} to ${op.newName}`
    case 'clone':
      return `Clone ${op.name} to ${op.newName}`
    case 'set':
      return `Change ${op.name}`
    case 'snapshot.create':
      return `Take snapshot ${op.snapshot} of ${op.name}`
    case 'snapshot.restore':
      return `Restore ${op.name} to snapshot ${op.snapshot}`
    case 'snapshot.remove':
      return `Remove snapshot ${op.snapshot} of ${op.name}`
    default:
      return `${op.kind.charAt(0).toUpperCase()}${op.kind.slice(1)} ${op.name}`
  }
}

type Fields = Partial<Pick<Guest, 'cpus' | 'memoryBytes' | 'autostart'>>

/** The named fields in words: "2 CPUs, 512 MiB of memory and autostart off". Empty when there are none. */
export function fieldWords(fields: Fields): string {
  const parts: string[] = []
  if (fields.cpus !== undefined) parts.push(`${fields.cpus} ${fields.cpus === 1 ? 'CPU' : 'CPUs'}`)
  if (fields.memoryBytes !== undefined) parts.push(`${formatBytes(fields.memoryBytes)} of memory`)
  if (fields.autostart !== undefined) parts.push(`autostart ${fields.autostart ? 'on' : 'off'}`)
  return parts.join(', ').replace(/, (?!.*, )/, ' and ')
}

/** A plan's expectation as a fact: "web-01 is running". Empty when nothing is expected. */
export function expectedFact(expect: Expectation): string {
  switch (expect.kind) {
    case 'guest': {
      const state = expect.states?.length ? `is ${expect.states.join(' or ')}` : ''
      const fields = fieldWords(expect.fields ?? {})
      if (!fields) return `${expect.name} ${state || 'exists'}`
      return `${expect.name} ${state ? `${state} with` : 'has'} ${fields}`
    }
    case 'absent':
      return `${expect.name} is gone`
    case 'snapshot':
      return `${expect.name} ${expect.present ? 'has' : 'no longer has'} the snapshot ${expect.snapshot}`
    case 'file':
      return expect.present ? `${expect.path} is there` : `${expect.path} is gone`
    case 'none':
      return ''
  }
}

/** The same for people who have not yet run it: "done when web-01 is running". */
export const expectWords = (expect: Expectation): string =>
  expect.kind === 'none' ? 'done when every step succeeded' : `done when ${expectedFact(expect)}`
