import { AppError } from '@/server/errors'
import type { Expectation, Plan } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import type { Origins, Values } from './argv'
import { written } from './argv'
import { isField } from './fields'
import { keepsNoDisks } from './guest-rules'
import { freeName } from './plan-debris'
import { copyMs, demandOff, invalid, jailOrBhyve, lockOf, type On, plan, plural, refuse, step } from './plan-parts'
import { isSecret } from './plan-settings'
import { integer, text } from './row'
import { type Found, type Known, letterOf } from './types'

type Asked = { values: Values; origins: Origins; late: string[]; expect: Expectation[]; secrets: string[] }

/** The further values of a `set`, by CBSD's own keys: those that the guest page offers, and no others. */
async function settingValues(op: On<'set'>, found: Found, known: Known): Promise<Asked> {
  const asked: Asked = { values: {}, origins: {}, late: [], expect: [], secrets: [] }
  const { name, guest } = found
  if (!op.settings) return asked
  const offered = (await known.detail(name)).settings ?? []
  const faults: AppError[] = []
  for (const [key, value] of Object.entries(op.settings)) {
    const field = `operation.settings.${key}`
    try {
      take(key, value, field)
    } catch (error) {
      // All that is wrong is told at once, each beside its own input.
      if (!(error instanceof AppError)) throw error
      faults.push(error)
    }
  }
  const [first] = faults
  if (first && faults.length > 1)
    throw new AppError(first.code, first.message, first.field, {
      cause: first,
      faults: faults.flatMap(({ field, message }) => (field ? [{ field, message }] : [])),
    })
  if (first) throw first
  return asked

  function take(key: string, value: string, field: string): void {
    const about = offered.find((each) => each.key === key)
    if (!about || about.applies === 'never' || !isField(key))
      throw invalid(`${key} is not a setting of ${plural(found)} that can be changed here`, field)
    const said = written(key, value, field)
    if (about.needsStop && guest.state !== 'stopped') throw refuse(`Stop it first: ${key} cannot change while it runs`, field)
    if (about.applies === 'next-start') asked.late.push(key)
    asked.values[key] = value
    asked.origins[key] = field
    if (isSecret(key)) asked.secrets.push(said)
    // Secrets are not read back, CBSD puts an address in place of DHCP, and nothing may be stored as 0.
    const readBack = !isSecret(key) && !said.startsWith('DHCP') && said !== ''
    asked.expect.push({ kind: 'detail', name, list: 'settings', key, present: true, ...(readBack ? { value: said } : {}) })
  }
}

/** Plans a change of settings. The warnings say what shows at once and what at the next start. */
export async function planSet(op: On<'set'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const letter = letterOf(found)
  if (letter === 'v') throw refuse('CBSD has no command that changes VirtualBox guests')
  const { cpus, memoryBytes, autostart, protected: kept, hidden, order } = op
  if (letter === 'j' && (cpus !== undefined || memoryBytes !== undefined))
    throw refuse('A jail has limits in place of processors and memory of its own: set pcpu and memoryuse there', 'operation.cpus')
  const more = await settingValues(op, found, known)
  const values: Values = {
    ...(cpus === undefined ? {} : { vm_cpus: cpus }),
    ...(memoryBytes === undefined ? {} : { vm_ram: memoryBytes }),
    ...(autostart === undefined ? {} : { astart: autostart }),
    ...(kept === undefined ? {} : { protected: kept }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(order === undefined ? {} : { b_order: order }),
    ...more.values,
  }
  if (Object.keys(values).length === 0) throw invalid('Nothing is to be changed')
  const warnings: string[] = []
  const late = [...(cpus === undefined ? [] : ['processors']), ...(memoryBytes === undefined ? [] : ['memory']), ...more.late]
  if (found.guest.state !== 'stopped' && late.length > 0) warnings.push(`Takes effect at its next start: ${late.join(', ')}.`)
  if (hidden) warnings.push('CBSD leaves it out of its own lists; here it stays.')
  const total = integer(cbsd.node.local, 'physmem')
  if (memoryBytes !== undefined && total !== undefined && memoryBytes > total)
    warnings.push(`The host has only ${formatBytes(total)} of memory.`)
  const origins = { jname: 'operation.name', vm_cpus: 'operation.cpus', vm_ram: 'operation.memoryBytes', b_order: 'operation.order' }
  const change = step(
    cbsd,
    'Change its settings',
    `${letter}set`,
    { jname: found.name, ...values },
    {
      origins: { ...origins, ...more.origins },
      ...(more.secrets.length > 0 ? { secrets: more.secrets } : {}),
    },
  )
  const fields = { cpus, memoryBytes, autostart, protected: kept, hidden, order }
  const expect: Expectation = { kind: 'all', of: [{ kind: 'guest', name: found.name, fields }, ...more.expect] }
  return plan([change], expect, [lockOf(found.name)], warnings)
}

/** The host name of the new name: "web.my.domain" becomes "shop.my.domain"; another one is not touched. */
function renamedHost(found: Found, newName: string): string | undefined {
  const now = found.row.host_hostname
  if (typeof now !== 'string') return undefined
  if (now === found.name) return newName
  return now.startsWith(`${found.name}.`) ? `${newName}${now.slice(found.name.length)}` : undefined
}

const fresh = { new: 'operation.newName', old: 'operation.name', host_hostname: 'operation.newName' } as const

/** Plans a new name. */
export function planRename(op: On<'rename'>, found: Found, { cbsd }: Known): Plan {
  const letter = jailOrBhyve(found)
  demandOff(found, 'a running guest keeps its name')
  const host = renamedHost(found, op.newName)
  const there = step(
    cbsd,
    `Rename to ${op.newName}`,
    `${letter}rename`,
    { old: found.name, new: op.newName, ...(host ? { host_hostname: host } : {}) },
    { origins: fresh, timeoutMs: copyMs },
  )
  const now = found.row.host_hostname
  const warnings = host || !now ? [] : [`Its host name stays ${now}.`]
  const expect: Expectation = {
    kind: 'all',
    of: [
      { kind: 'guest', name: op.newName },
      { kind: 'absent', name: found.name },
    ],
  }
  return plan([there], expect, [lockOf(found.name), lockOf(op.newName)], warnings)
}

/** Plans a copy, with an address of its own: without one CBSD copies the address too. */
export function planClone(op: On<'clone'>, found: Found, { cbsd }: Known): Plan {
  const letter = jailOrBhyve(found)
  demandOff(found, 'its disks change while it runs')
  const host = renamedHost(found, op.newName) ?? `${op.newName}.my.domain`
  const addressed = text(found.kind === 'vm' ? found.settings : {}, 'ip4_addr') ?? text(found.row, 'ip4_addr')
  const copy = step(
    cbsd,
    `Copy to ${op.newName}`,
    `${letter}clone`,
    {
      old: found.name,
      new: op.newName,
      host_hostname: host,
      ...(addressed ? { ip4_addr: 'DHCP' } : {}),
      ...(letter === 'b' ? { mac_reinit: true } : {}),
      checkstate: true,
    },
    { origins: fresh, timeoutMs: copyMs, progress: 'lines' },
  )
  const warnings =
    letter === 'j'
      ? [addressed ? 'It gets the next free address of the host’s pool.' : 'It has no address, as the one it is copied from.']
      : ['The system on its disk is a copy: host name, keys and a fixed address inside it are those of the other. Change them first.']
  const expect: Expectation = { kind: 'guest', name: op.newName, states: ['stopped'] }
  return plan(
    [...freeName(cbsd, op.newName, letter, 'operation.newName'), copy],
    expect,
    [lockOf(found.name), lockOf(op.newName)],
    warnings,
  )
}

/** Plans a removal. CBSD says 0 whether or not it removed anything, so what is seen afterwards decides. */
export async function planRemove(op: On<'remove'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  if (found.guest.protected) throw refuse(`${found.name} is protected: take the protection away first`)
  if (!op.disks) throw refuse(keepsNoDisks, 'operation.disks')
  demandOff(found, 'CBSD would end it without asking')
  const letter = letterOf(found)
  const remove = step(
    cbsd,
    `Remove ${found.name} and its data`,
    `${letter}remove`,
    { jname: found.name, inter: false },
    {
      timeoutMs: copyMs,
      okCodes: [0, 1],
    },
  )
  const count = cbsd.node.zfs && (letter === 'j' || letter === 'b') ? (await known.snapshots(found.name)).length : 0
  const warnings = count > 0 ? [`Its ${count === 1 ? 'snapshot goes' : `${count} snapshots go`} with it.`] : []
  return plan([remove], { kind: 'absent', name: found.name }, [lockOf(found.name)], warnings)
}
