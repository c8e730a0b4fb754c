import { hasFurtherSettings, type Operation } from '@/server/model/operation'
import type { Plan, Step } from '@/server/model/plan'
import { formatBytes, MiB } from '@/server/model/size'
import { count } from './domstats'
import { parseDomain } from './parse-domain'
import { locks, onDomain, type Planning, refuse } from './planning'
import type { Read } from './reader'
import { batch } from './virsh'

type SetOperation = Extract<Operation, { kind: 'set' }>

/** Left to a guest beyond what its programs use, when memory is taken from it. */
const spareBytes = 48 * MiB

/**
 * Whether a running VM can be given another amount of memory now, or why not. Only its balloon driver can take and give memory,
 * up to what it was started with; taken below what is in use, Linux would begin to kill programs.
 */
function memoryNow({ domain, guest, facts }: Read, wanted: number): true | string {
  const kib = (key: string) => count(facts.stats, `balloon.${key}`)
  const available = kib('available')
  const free = kib('usable') ?? kib('unused')
  if (guest.state !== 'running') return 'it does not run'
  if (wanted > domain.maxMemoryBytes) return `it was started with at most ${formatBytes(domain.maxMemoryBytes)}`
  if (available === undefined || free === undefined) return 'no balloon driver answers in it'
  const used = (available - free) * 1024
  return wanted >= used + spareBytes || `it uses ${formatBytes(used)}`
}

/** Processors, memory and autostart. What a running VM cannot take now is stored for its next start. */
export async function planSet(p: Planning, read: Read, wanted: SetOperation): Promise<Plan> {
  const { domain, guest } = read
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
  if (wanted.memoryBytes !== undefined) {
    const [xml] = await batch(p.context.exec, p.uri, [['dumpxml', '--inactive', '--domain', domain.uuid]], { signal: p.signal })
    const stored = xml ? parseDomain(xml.trim()) : domain
    const kib = Math.ceil(wanted.memoryBytes / 1024)
    const size = String(kib)
    // The limit goes first when it rises and last when it falls: at no time may there be more memory than the limit.
    const limit = () => step('Set the most memory', 'setmaxmem', '--size', size, '--config')
    const amount = () => step('Set its memory', 'setmem', '--size', size, '--config')
    const both = wanted.memoryBytes >= stored.maxMemoryBytes ? [limit, amount] : [amount, limit]
    const kept = stored.memoryBytes === kib * 1024 && stored.maxMemoryBytes === kib * 1024
    if (!kept) for (const set of both) set()
    if (wanted.memoryBytes !== guest.memoryBytes) {
      const now = live ? memoryNow(read, kib * 1024) : true
      if (now === true) fields.memoryBytes = kib * 1024
      else warnings.push(`Its memory stays ${formatBytes(guest.memoryBytes)} until it is stopped and started again: ${now}`)
      if (live && now === true) step('Let it have that much now', 'setmem', '--size', size, '--live')
    }
  }
  if (wanted.autostart !== undefined && wanted.autostart !== guest.autostart) {
    if (wanted.autostart) step('Start it with the host', 'autostart')
    else step('Do not start it with the host', 'autostart', '--disable')
    fields.autostart = wanted.autostart
  }
  return { steps, expect: { kind: 'guest', name: domain.name, fields }, warnings, locks: locks(domain.name) }
}
