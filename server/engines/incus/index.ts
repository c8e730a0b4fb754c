import { shellFiles } from '@/server/engines/guest-files'
import type { Engine, EngineContext, EngineHost } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import type { EngineInfo } from '@/server/model/capability'
import { canMoveFiles } from '@/server/model/file'
import type { Snapshot } from '@/server/model/guest'
import type { Host } from '@/server/model/host'
import { isCommon } from '@/server/model/operation'
import { type Instance, resources } from './api'
import { readCatalog } from './catalog'
import { cgroupFigures, manyCgroupFigures } from './cgroup'
import { createClient, isInstanceName } from './client'
import { consoleTarget } from './console'
import { detail } from './inspect'
import { type HostTotals, instant, isVm, needsTotals, toGuest } from './parse'
import { planOperation } from './plan'
import { planCreate } from './plan-create'
import { probe } from './probe'
import { readAll, readOne } from './read'
import { toSample } from './sample'
import { watch } from './watch'

const toSnapshots = (found: Instance): Snapshot[] =>
  (found.snapshots ?? [])
    .map((each) => ({ name: each.name, createdAt: instant(each.created_at), current: false, memory: each.stateful }))
    .sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))

function open(host: Host, context: EngineContext, info: EngineInfo): EngineHost {
  const client = createClient(info.name === 'LXD' ? 'lxc' : 'incus', host, context.exec)
  let machine: Promise<HostTotals> | null = null

  /** The host's size does not change while it runs: read once. */
  function totals(signal: AbortSignal): Promise<HostTotals> {
    machine ??= client.query('/1.0/resources', resources, signal).then(
      ({ cpu, memory }) => ({ cpus: cpu.total, memoryBytes: memory.total }),
      (error: unknown) => {
        machine = null
        throw error
      },
    )
    return machine
  }
  const guests = async (found: Instance[], signal: AbortSignal) => {
    const size = found.some(needsTotals) ? await totals(signal) : undefined
    return found.map((each) => toGuest(each, host.id, size))
  }
  const one = async (name: string, signal: AbortSignal) => (isInstanceName(name) ? readOne(client, name, signal) : null)
  async function existing(name: string, signal: AbortSignal) {
    const found = await one(name, signal)
    const [guest] = found ? await guests([found], signal) : []
    if (!found || !guest) throw new AppError('not-found', `There is no guest ${name} in ${info.name}`)
    return { found, guest }
  }

  return {
    info,
    list: async (signal) => guests(await readAll(client, signal), signal),
    async get(name, signal) {
      const found = await one(name, signal)
      return found ? ((await guests([found], signal))[0] ?? null) : null
    },
    async inspect(name, signal) {
      const { found, guest } = await existing(name, signal)
      const command = ['config', 'show', name, '--expanded']
      return detail(found, guest, `# ${client.argv(...command).join(' ')}\n${await client.text(command, signal)}`)
    },
    async plan(operation, signal) {
      if (operation.kind === 'create') {
        const { spec } = operation
        if (await one(spec.name, signal)) throw new AppError('conflict', `There is already a guest ${spec.name}`, 'operation.spec.name')
        return planCreate(spec, { client, context, host: host.id, info, totals: await totals(signal), signal })
      }
      if (!isCommon(operation)) throw new AppError('refused', `Not offered for ${info.name} yet`)
      const { found, guest } = await existing(operation.name, signal)
      if ((operation.kind === 'rename' || operation.kind === 'clone') && (await one(operation.newName, signal)))
        throw new AppError('conflict', `There is already a guest ${operation.newName}`, 'operation.newName')
      const size = operation.kind === 'set' ? await totals(signal) : undefined
      return planOperation(operation, { client, info, guest, snapshots: toSnapshots(found), totals: size })
    },
    async console(name, kind, signal) {
      return consoleTarget(client, (await existing(name, signal)).guest, kind, context.exec)
    },
    async files(name, signal) {
      const { guest } = await existing(name, signal)
      const allowed = canMoveFiles(guest, info)
      if (allowed !== true) throw new AppError('refused', allowed)
      return shellFiles((command) => client.argv('exec', name, '-T', '--', ...command), client.env)
    },
    catalog: (signal) => readCatalog(client, context, host.id, signal),
    snapshots: async (name, signal) => toSnapshots((await existing(name, signal)).found),
    async sample(signal) {
      const found = await readAll(client, signal)
      const at = Date.now()
      const remote = host.transport === 'ssh'
      const running = found.filter((each) => toSample(each, at) !== null && !isVm(each)).map(({ name }) => name)
      const many = remote ? await manyCgroupFigures(context.exec, running) : null
      const samples = found.map(async (each) => {
        const sample = toSample(each, at)
        if (!sample || isVm(each)) return sample
        return { ...sample, ...(many ? many.get(each.name) : await cgroupFigures(context.exec, each.name)) }
      })
      return (await Promise.all(samples)).filter((sample) => sample !== null)
    },
    watch: (signal) => watch(client, context, signal),
  }
}

/** Incus, or LXD where there is no Incus: containers always, VMs where the daemon's qemu driver works. */
export const incus: Engine = { kind: 'incus', probe, open }
