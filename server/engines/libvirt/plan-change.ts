import { hasFurtherSettings, type Operation } from '@/server/model/operation'
import type { Plan, Step } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import { locks, onDomain, type Planning, refuse } from './planning'
import type { Read } from './reader'

type SetOperation = Extract<Operation, { kind: 'set' }>

/** Processors, memory and autostart. What a running VM cannot take now is stored for its next start. */
export function planSet(p: Planning, { domain, guest }: Read, wanted: SetOperation): Plan {
  if (!guest.persistent) refuse('It is transient: it has no stored definition to change')
  if (hasFurtherSettings(wanted)) refuse('libvirt has no such settings here')
  const live = guest.state === 'running' || guest.state === 'paused'
  const steps: Step[] = []
  const warnings: string[] = []
  const fields: Record<string, number | boolean> = {}
  const step = (title: string, command: string, ...args: string[]) => steps.push({ title, argv: onDomain(p, command, domain, ...args) })

  if (wanted.cpus !== undefined && wanted.cpus !== guest.cpus) {
    const count = String(wanted.cpus)
    step('Set the most processors', 'setvcpus', '--count', count, '--maximum', '--config')
    step('Set its processors', 'setvcpus', '--count', count, '--config')
    if (live) warnings.push(`Its ${guest.cpus} processors stay until it is stopped and started again`)
    else fields.cpus = wanted.cpus
  }
  if (wanted.memoryBytes !== undefined && wanted.memoryBytes !== guest.memoryBytes) {
    const size = String(Math.ceil(wanted.memoryBytes / 1024))
    // The limit goes first when it rises and last when it falls: at no time may there be more memory than the limit.
    const limit = () => step('Set the most memory', 'setmaxmem', '--size', size, '--config')
    const amount = () => step('Set its memory', 'setmem', '--size', size, '--config')
    if (wanted.memoryBytes >= domain.maxMemoryBytes) {
      limit()
      amount()
    } else {
      amount()
      limit()
    }
    if (live) warnings.push(`Its memory stays ${formatBytes(guest.memoryBytes)} until it is stopped and started again`)
    else fields.memoryBytes = Math.ceil(wanted.memoryBytes / 1024) * 1024
  }
  if (wanted.autostart !== undefined && wanted.autostart !== guest.autostart) {
    if (wanted.autostart) step('Start it with the host', 'autostart')
    else step('Do not start it with the host', 'autostart', '--disable')
    fields.autostart = wanted.autostart
  }
  return { steps, expect: { kind: 'guest', name: domain.name, fields }, warnings, locks: locks(domain.name) }
}
