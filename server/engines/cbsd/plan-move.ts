import { AppError } from '@/server/errors'
import type { Expectation, Plan } from '@/server/model/plan'
import { asRoot } from './argv'
import { freeName } from './plan-debris'
import { copyMs, jailOrBhyve, lockOf, type On, plan, plural, refuse, step, under } from './plan-parts'
import type { Found, Known } from './types'

/** Plans an archive of a guest in CBSD's export folder. */
export async function planExport(op: On<'export'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const letter = jailOrBhyve(found)
  const running = found.guest.state !== 'stopped'
  const path = under(cbsd, 'export', `${name}.img`)
  const { archives } = await known.hostDetail()
  const warnings = running ? ['It runs: files that change meanwhile may be half old and half new in the archive.'] : []
  if (archives.some((each) => each.key === path)) warnings.push('The archive that is there is replaced.')
  const pack = step(
    cbsd,
    `Write ${path}`,
    `${letter}export`,
    { jname: name, compress: op.compress, inter: false },
    { timeoutMs: copyMs, progress: 'lines', undo: asRoot(cbsd, 'rm', '-f', '--', path), origins: { compress: 'operation.compress' } },
  )
  return plan([pack], { kind: 'host', list: 'archives', key: path, present: true }, [lockOf(name), `file:${path}`], warnings)
}

/** Plans a guest made from an archive. */
export async function planImport(op: On<'import'>, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { archives } = await known.hostDetail()
  if (!archives.some((each) => each.key === op.path)) throw new AppError('not-found', `There is no archive ${op.path}`, 'operation.path')
  if (known.guests.some((each) => each.name === op.newName))
    throw new AppError('conflict', `There is already a guest ${op.newName} on this host`, 'operation.newName')
  const values = {
    archive: op.path,
    new_jname: op.newName,
    new_host_hostname: `${op.newName}.my.domain`,
    new_ip4_addr: 'DHCP',
    inter: false,
  }
  const unpack = step(cbsd, `Make ${op.newName} of the archive`, 'jimport', values, {
    timeoutMs: copyMs,
    progress: 'lines',
    origins: { archive: 'operation.path', new_jname: 'operation.newName' },
  })
  const warnings = [
    'It gets the next free address of the host’s pool.',
    'The archive was written by the CBSD of another day: a much older one may not fit.',
  ]
  const expect: Expectation = { kind: 'guest', name: op.newName }
  return plan([...freeName(cbsd, op.newName, 'j', 'operation.newName'), unpack], expect, [lockOf(op.newName), `file:${op.path}`], warnings)
}

/** Plans a move to another node: jails by copying, running bhyve VMs over storage that both nodes share. */
export async function planMigrate(op: On<'migrate'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const { nodes } = await known.hostDetail()
  const node = nodes.find((each) => each.key === op.node)
  if (!node) throw new AppError('not-found', `CBSD knows no node ${op.node}: cbsd node mode=add makes it known`, 'operation.node')
  if (!node.online) throw refuse(`The node ${op.node} does not answer now`, 'operation.node')
  const more = { timeoutMs: copyMs, progress: 'lines' as const, alwaysYes: true, origins: { node: 'operation.node' } }
  const values = { jname: name, node: op.node }
  if (found.kind === 'jail') {
    if (op.live) throw refuse('A jail moves by copying: it is stopped for a moment', 'operation.live')
    const running = found.guest.state === 'running'
    const move = step(cbsd, `Move ${name} to ${op.node}`, 'jcoldmigrate', { ...values, ...(running ? { start: true } : {}) }, more)
    const warnings = [
      ...(running ? ['It is stopped for the second half of the copy, and started over there.'] : []),
      'It stays here as a copy that does not start (CBSD calls it slave).',
      'Both nodes need cbsdrsyncd.',
    ]
    return plan([move], { kind: 'guest', name, states: ['stopped'] }, [lockOf(name)], warnings)
  }
  if (!op.live) throw refuse(`CBSD moves ${plural(found)} only while they run`, 'operation.live')
  const move = step(cbsd, `Move ${name} to ${op.node}`, 'bmigrate', values, more)
  const warnings = [
    'Both nodes must share jails-data, jails-system and jails-rcconf.',
    'It needs a bhyve that can migrate, which FreeBSD’s own releases are not.',
  ]
  return plan([move], { kind: 'absent', name }, [lockOf(name)], warnings)
}
