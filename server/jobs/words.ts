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
    case 'import':
      return `Import ${op.newName} from ${op.path}`
    case 'base.fetch':
      return `Fetch base ${op.platform} ${op.version} ${op.arch}`
    case 'base.remove':
      return `Remove base ${op.platform} ${op.version} ${op.arch}`
    case 'media.fetch':
      return `Fetch ${op.profile}`
    case 'media.add':
      return `Add ${op.medium}`
    case 'media.remove':
      return `Remove medium ${op.medium}`
    case 'debris.remove':
      return `Clear away what is left of ${op.debris}`
    case 'hook.install':
      return 'Let CBSD tell of changes'
    case 'hook.remove':
      return 'Stop CBSD from telling of changes'
    case 'disk.add':
      return `Add a disk of ${formatBytes(op.sizeBytes)} to ${op.name}`
    case 'disk.grow':
      return `Grow ${op.disk} of ${op.name} to ${formatBytes(op.sizeBytes)}`
    case 'disk.remove':
      return `Remove ${op.disk} from ${op.name}`
    case 'share.add':
      return `Share ${op.path} with ${op.name}`
    case 'share.remove':
      return `No longer share ${op.share} with ${op.name}`
    case 'forward.add':
      return `Forward ${op.proto} port ${op.hostPort} to ${op.name}`
    case 'forward.remove':
      return `No longer forward ${op.proto} port ${op.hostPort} to ${op.name}`
    case 'limits':
      return `Change the limits of ${op.name}`
    case 'checkpoint.create':
      return `Store the running state of ${op.name} as ${op.checkpoint}`
    case 'checkpoint.remove':
      return `Remove the stored states of ${op.name}`
    case 'media.attach':
      return `Put ${op.medium} into ${op.name}`
    case 'media.eject':
      return `Take ${op.medium} out of ${op.name}`
    case 'migrate':
      return `Move ${op.name} to ${op.node}`
    default:
      return `${op.kind.charAt(0).toUpperCase()}${op.kind.slice(1)} ${op.name}`
  }
}

type Fields = NonNullable<Extract<Expectation, { kind: 'guest' }>['fields']>

/** The named fields in words: "2 CPUs, 512 MiB of memory and autostart off". Empty when there are none. */
export function fieldWords(fields: Fields): string {
  const parts: string[] = []
  if (fields.cpus !== undefined) parts.push(`${fields.cpus} ${fields.cpus === 1 ? 'CPU' : 'CPUs'}`)
  if (fields.memoryBytes !== undefined) parts.push(`${formatBytes(fields.memoryBytes)} of memory`)
  if (fields.autostart !== undefined) parts.push(`autostart ${fields.autostart ? 'on' : 'off'}`)
  if (fields.protected !== undefined) parts.push(fields.protected ? 'protection' : 'no protection')
  if (fields.hidden !== undefined) parts.push(`hidden ${fields.hidden ? 'on' : 'off'}`)
  if (fields.order !== undefined) parts.push(`place ${fields.order} in the starting order`)
  return parts.join(', ').replace(/, (?!.*, )/, ' and ')
}

const listWords = {
  disks: 'the disk',
  forwards: 'the forward',
  shares: 'the share',
  checkpoints: 'the stored state',
  settings: 'the setting',
  limits: 'the limit',
  media: 'the medium',
} as const

function entryWords({ list, key, value, sizeBytes }: Extract<Expectation, { kind: 'detail' }>): string {
  const size = sizeBytes === undefined ? '' : ` of at least ${formatBytes(sizeBytes)}`
  return `${listWords[list]} ${key}${value === undefined ? '' : ` = ${value}`}${size}`
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
    case 'detail':
      return `${expect.name} ${expect.present ? 'has' : 'no longer has'} ${entryWords(expect)}`
    case 'host':
      if (expect.list === 'hook') return `its reports are ${expect.key}`
      return `the host ${expect.present ? 'has' : 'no longer has'} ${expect.key}`
    case 'all':
      return expect.of.map(expectedFact).filter(Boolean).join(' and ')
    case 'none':
      return ''
  }
}

/** The same for people who have not yet run it: "done when web-01 is running". */
export function expectWords(expect: Expectation): string {
  if (expect.kind === 'none') return 'done when every step succeeded'
  // That it is there is news only of one that is made.
  const bare = expect.kind === 'guest' && !expect.states?.length && !fieldWords(expect.fields ?? {})
  return `done when ${bare ? 'every step succeeded and ' : ''}${expectedFact(expect)}`
}
