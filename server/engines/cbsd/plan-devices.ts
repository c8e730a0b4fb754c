import { AppError } from '@/server/errors'
import type { Expectation, Plan, Step } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import type { Values } from './argv'
import { limitsOff } from './guest-rules'
import { copyMs, demandOff, invalid, jailOrBhyve, lockOf, type On, plan, refuse, step } from './plan-parts'
import type { Found, Known } from './types'

const argvOf = (made: Step) => ('argv' in made ? made.argv : undefined)
const atNextStart = (found: Found) => (found.guest.state === 'stopped' ? [] : ['Takes effect at its next start.'])
const missing = (words: string, field: string) => new AppError('not-found', words, field)
const taken = (words: string, field: string) => new AppError('conflict', words, field)

type DiskOperation = On<'disk.add' | 'disk.grow' | 'disk.remove'>

/** Plans a new, larger or removed disk of a bhyve VM. */
export async function planDisk(op: DiskOperation, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const { disks } = await known.detail(name)
  const more = {
    timeoutMs: copyMs,
    origins: { dsk_size: 'operation.sizeBytes', dsk_path: 'operation.disk', dsk_controller: 'operation.disk' },
  }
  const run = (title: string, values: Values) => step(cbsd, title, 'bhyve-dsk', { ...values, jname: name }, more)
  const seen = (key: string, present: boolean, sizeBytes?: number): Expectation => ({
    kind: 'detail',
    name,
    list: 'disks',
    key,
    present,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  })
  if (op.kind === 'disk.add') {
    const numbers = disks.map((disk) => Number(/^dsk(\d{1,4})/.exec(disk.target)?.[1] ?? 0))
    const target = `dsk${Math.max(0, ...numbers) + 1}.vhd`
    const which = { dsk_controller: op.controller, dsk_path: target }
    const undo = argvOf(run('', { mode: 'delete', ...which }))
    const made = { ...run(`Make ${target} of ${formatBytes(op.sizeBytes)}`, { mode: 'attach', ...which, dsk_size: op.sizeBytes }), undo }
    return plan([made], seen(target, true), [lockOf(name)], atNextStart(found))
  }
  const disk = disks.find((each) => each.target === op.disk)
  if (!disk) throw missing(`${name} has no disk ${op.disk}`, 'operation.disk')
  const which = { dsk_controller: disk.bus ?? 'virtio-blk', dsk_path: disk.target }
  if (op.kind === 'disk.remove') {
    demandOff(found, 'its disk is in use')
    const last = disks.length === 1
    const warnings = [`What is on ${op.disk} is lost.`, ...(last ? ['It is its only disk.'] : [])]
    return plan([run(`Remove ${op.disk}`, { mode: 'delete', ...which })], seen(op.disk, false), [lockOf(name)], warnings)
  }
  demandOff(found, 'its disk is in use')
  if (!cbsd.node.zfs) throw refuse('Disks grow on ZFS only: the working directory of CBSD is on another file system')
  if (disk.sizeBytes !== undefined && op.sizeBytes <= disk.sizeBytes)
    throw invalid(`It has ${formatBytes(disk.sizeBytes)} already: a disk can only grow`, 'operation.sizeBytes')
  const grow = run(`Grow ${op.disk} to ${formatBytes(op.sizeBytes)}`, { mode: 'modify', ...which, dsk_size: op.sizeBytes })
  return plan([grow], seen(op.disk, true, op.sizeBytes), [lockOf(name)], ['The file system in it stays as large as it is: grow it inside.'])
}

/** Plans a folder of the host that a bhyve VM sees, or its end. */
export async function planShare(op: On<'share.add' | 'share.remove'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const shares = (await known.detail(name)).shares ?? []
  const there = shares.find((each) => each.key === op.share)
  const more = { origins: { p9device: 'operation.share', p9path: 'operation.path' } }
  const seen: Expectation = { kind: 'detail', name, list: 'shares', key: op.share, present: op.kind === 'share.add' }
  const detach = step(cbsd, `End the share ${op.share}`, 'bhyve-p9shares', { mode: 'detach', jname: name, p9device: op.share }, more)
  if (op.kind === 'share.remove') {
    if (!there) throw missing(`${name} has no share ${op.share}`, 'operation.share')
    return plan([detach], seen, [lockOf(name)], atNextStart(found))
  }
  if (there) throw taken(`There is already a share ${op.share}`, 'operation.share')
  const values = { mode: 'attach', jname: name, p9device: op.share, p9path: op.path, ro: op.readOnly }
  const attach = { ...step(cbsd, `Share ${op.path} as ${op.share}`, 'bhyve-p9shares', values, more), undo: argvOf(detach) }
  const warnings = [
    ...atNextStart(found),
    `In the guest: mount -t 9p -o trans=virtio ${op.share} /mnt (Linux), or mount_p9fs (FreeBSD 15).`,
  ]
  return plan([attach], seen, [lockOf(name)], warnings)
}

/** Plans a port of the host that leads to one of a guest, or its end. */
export async function planForward(op: On<'forward.add' | 'forward.remove'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const key = `${op.proto}/${op.hostPort}`
  const there = ((await known.detail(name)).forwards ?? []).find((each) => each.key === key && each.guestPort === op.guestPort)
  const values = { jname: name, in: op.hostPort, out: op.guestPort, proto: op.proto }
  const seen: Expectation = { kind: 'detail', name, list: 'forwards', key, present: op.kind === 'forward.add' }
  const end = step(cbsd, `End the forward of port ${op.hostPort}`, 'expose', { mode: 'delete', ...values })
  if (op.kind === 'forward.remove') {
    if (!there) throw missing(`Port ${op.hostPort} (${op.proto}) does not lead to ${name}`, 'operation.hostPort')
    return plan([end], seen, [lockOf(name)])
  }
  if (((await known.detail(name)).forwards ?? []).some((each) => each.key === key))
    throw taken(`Port ${op.hostPort} (${op.proto}) leads to ${name} already`, 'operation.hostPort')
  if (!found.guest.addresses.some((address) => /^\d{1,3}(\.\d{1,3}){3}$/.test(address)))
    throw refuse(`CBSD knows no IPv4 address of ${name} that a port could lead to`)
  const made = { ...step(cbsd, `Forward port ${op.hostPort} to ${name}`, 'expose', { mode: 'add', ...values }), undo: argvOf(end) }
  const warnings = ['It is a rule of the host’s packet filter: it works where NAT is set up (cbsd natcfg).']
  return plan([made], seen, [lockOf(`${name}`), `port:${key}`], warnings)
}

const limitKeys = new Set([
  ...['datasize', 'stacksize', 'coredumpsize', 'memoryuse', 'memorylocked', 'maxproc', 'openfiles', 'vmemoryuse', 'pseudoterminals'],
  ...['swapuse', 'nthr', 'msgqqueued', 'msgqsize', 'nmsgq', 'nsem', 'nsemop', 'nshm', 'shmsize', 'wallclock', 'pcpu', 'readbps'],
  ...['writebps', 'readiops', 'writeiops', 'cpu', 'fsquota', 'nice', 'bw'],
])

/** Plans limits. The rules in the kernel are taken away first, because setting one adds to those that are there. */
export async function planLimits(op: On<'limits'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const letter = jailOrBhyve(found)
  if (!cbsd.node.racct) throw refuse(limitsOff)
  const values: Values = {}
  const before: Values = {}
  const expect: Expectation[] = []
  const origins: Record<string, string> = {}
  const now = (await known.detail(name)).limits ?? []
  for (const [key, said] of Object.entries(op.limits)) {
    const field = `operation.limits.${key}`
    if (!limitKeys.has(key)) throw invalid(`${key} is not a limit that CBSD knows`, field)
    const value = said === '' ? '0' : said
    if (key === 'cpu' && !/^\d{1,3}$/.test(value)) throw invalid('cpu: a number of processors', field)
    if (key === 'fsquota' && !cbsd.node.zfs) throw refuse('The disk of a jail can be limited on ZFS only', field)
    Object.assign(values, { [key]: value })
    Object.assign(before, { [key]: now.find((each) => each.key === key)?.value ?? '0' })
    origins[key] = field
    const gone = value === '0'
    expect.push({ kind: 'detail', name, list: 'limits', key, present: !gone, ...(gone ? {} : { value }) })
  }
  if (expect.length === 0) throw invalid('Nothing is to be changed')
  // What stays is set again with the rest: taking the rules away takes all of them.
  for (const { key, value } of now)
    if (limitKeys.has(key) && !(key in values) && value !== '0' && value !== '') {
      Object.assign(values, { [key]: value })
      Object.assign(before, { [key]: value })
      expect.push({ kind: 'detail', name, list: 'limits', key, present: true, value })
    }
  const set = step(cbsd, 'Set its limits', 'jrctl', { mode: 'set', jname: name, ...values }, { origins })
  const back = step(cbsd, '', 'jrctl', { mode: 'set', jname: name, ...before })
  const steps = [{ ...set, undo: argvOf(back) }]
  const live = letter === 'j' && found.guest.state === 'running'
  if (live) steps.unshift({ ...step(cbsd, 'Take the present limits away', 'jrctl', { mode: 'unset', jname: name }), undo: argvOf(back) })
  return plan(steps, { kind: 'all', of: expect }, [lockOf(name)], live ? [] : atNextStart(found))
}
