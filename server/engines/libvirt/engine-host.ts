import { AppError } from '@/server/errors'
import { taken, unechoed } from '@/server/exec/unechoed'
import type { EngineInfo } from '@/server/model/capability'
import type { Catalog } from '@/server/model/catalog'
import type { ConsoleTarget } from '@/server/model/console'
import { canMoveFiles } from '@/server/model/file'
import type { ConsoleKind } from '@/server/model/guest'
import type { Host } from '@/server/model/host'
import { isCommon, type Operation } from '@/server/model/operation'
import type { Plan } from '@/server/model/plan'
import type { EngineContext, EngineHost, HostEvent } from '../types'
import { agentFiles } from './agent-files'
import { parseDomstats } from './domstats'
import { parseEvent } from './events'
import { inspect, readSnapshots } from './inspect'
import { parseNetworks } from './networks'
import { parseDomain } from './parse-domain'
import { planSet } from './plan-change'
import { planClone } from './plan-clone'
import { planCreate } from './plan-create'
import { planPower } from './plan-power'
import { planRemove } from './plan-remove'
import { planRename } from './plan-rename'
import { planSnapshotCreate, planSnapshotRemove, planSnapshotRestore } from './plan-snapshot'
import { type Planning, refuse } from './planning'
import { createReader } from './reader'
import { toSample } from './sample'
import { batch, keyValues, virsh } from './virsh'

/**
 * The key that would end `virsh console`; Ctrl-^ is the one typed least. virsh 9.0 takes one byte or ^ with a letter or @[\]^_,
 * and looks for it only at the start of what is typed at once.
 */
const escapeKey = '^^'

/** One libvirt, reached by `virsh -c URI`. */
export function openLibvirt(host: Host, context: EngineContext, info: EngineInfo): EngineHost {
  const { exec } = context
  const uri = host.libvirtUri
  const reader = createReader(exec, host.id, uri, host.transport === 'ssh')

  async function plan(operation: Operation, signal: AbortSignal): Promise<Plan> {
    const allowed = info.operations[operation.kind]
    if (typeof allowed === 'string') refuse(allowed)
    if (!isCommon(operation)) return refuse('libvirt does not offer this here')
    const p: Planning = { host, uri, context, info, reader, signal }
    if (operation.kind === 'create') return planCreate(p, operation.spec)
    const read = await reader.need(operation.name, signal)
    const snapshots = () => readSnapshots(exec, uri, read.domain.uuid, signal)
    switch (operation.kind) {
      case 'rename':
        return planRename(p, read, operation.newName)
      case 'clone':
        return planClone(p, read, operation.newName)
      case 'remove':
        return planRemove(p, read, operation.disks)
      case 'set':
        return planSet(p, read, operation)
      case 'snapshot.create':
        return planSnapshotCreate(p, read, operation.snapshot, await snapshots())
      case 'snapshot.restore':
        return planSnapshotRestore(p, read, operation.snapshot, await snapshots())
      case 'snapshot.remove':
        return planSnapshotRemove(p, read, operation.snapshot, await snapshots())
      default:
        return planPower(p, operation.kind, read)
    }
  }

  async function console(name: string, kind: ConsoleKind, signal: AbortSignal): Promise<ConsoleTarget> {
    const { domain, guest } = await reader.need(name, signal)
    if (kind === 'shell') return refuse('A VM has no shell from outside: use its serial console')
    if (kind === 'serial') {
      if (!domain.serial?.pty) return refuse('It has no serial port that can be opened here')
      if (guest.state === 'stopped' || guest.state === 'crashed') return refuse('It is not running')
      const { log } = domain.serial
      return {
        kind: 'pty',
        argv: unechoed(['virsh', '-q', '-c', uri, '-e', escapeKey, 'console', '--domain', domain.uuid]),
        log: log ? { path: log } : undefined,
        greets: { end: taken, line: false, reachMs: 0 },
      }
    }
    if (!domain.vnc) return refuse('It has no screen: no VNC display is defined')
    if (guest.state === 'stopped' || guest.state === 'crashed') return refuse('It is not running')
    const [xml] = await batch(exec, uri, [['dumpxml', '--security-info', '--domain', domain.uuid]], { signal })
    const vnc = xml ? parseDomain(xml.trim()).vnc : null
    if (vnc?.socket) return { kind: 'unix', path: vnc.socket, password: vnc.password }
    if (!vnc || vnc.port <= 0) return refuse('Its screen is not open yet')
    const everywhere = vnc.listen === '0.0.0.0' || vnc.listen === '::'
    return { kind: 'tcp', host: everywhere ? '127.0.0.1' : vnc.listen, port: vnc.port, password: vnc.password }
  }

  async function catalog(signal: AbortSignal): Promise<Catalog> {
    const [networks, node, memory] = await batch(exec, uri, [['net-list', '--all'], ['nodeinfo'], ['nodememstats']], { signal })
    const figures = keyValues(node ?? '')
    const kib = (text: string | undefined) => (/^\d+/.test(text ?? '') ? Number.parseInt(text ?? '', 10) * 1024 : undefined)
    const free = keyValues(memory ?? '')
    return {
      images: context.images().filter((image) => image.kind !== 'container'),
      networks: parseNetworks(networks ?? null),
      pools: [],
      limits: {
        cpus: Number(figures.get('CPU(s)') ?? 1),
        // nodeinfo counts only what the NUMA cells own; the larger one is what the kernel gives out.
        memoryBytes: Math.max(kib(figures.get('Memory size')) ?? 0, kib(free.get('total')) ?? 0),
        memoryFreeBytes: kib(free.get('free')),
      },
    }
  }

  async function* watch(signal: AbortSignal): AsyncIterable<HostEvent> {
    // libvirt's keepalive finds a daemon that is gone without a word.
    for await (const line of exec.lines(virsh(uri, 'event', '--all', '--loop', '--timestamp'), { signal })) {
      const event = parseEvent(line)
      if (event) yield event
    }
    if (!signal.aborted) throw new AppError('unavailable', 'libvirt stopped sending events')
  }

  return {
    info,
    list: async (signal) => (await reader.all(signal)).map((read) => read.guest),
    get: async (name, signal) => (await reader.one(name, signal))?.guest ?? null,
    inspect: async (name, signal) => inspect(exec, uri, await reader.need(name, signal), signal),
    plan,
    console,
    async files(name, signal) {
      const { domain, guest } = await reader.need(name, signal)
      const allowed = canMoveFiles(guest, info)
      return allowed === true ? agentFiles(uri, domain.uuid) : refuse(allowed)
    },
    catalog,
    snapshots: async (name, signal) => readSnapshots(exec, uri, (await reader.need(name, signal)).domain.uuid, signal),
    async sample(signal) {
      const [text] = await batch(
        exec,
        uri,
        [['domstats', '--list-active', '--nowait', '--cpu-total', '--balloon', '--block', '--interface']],
        { signal, timeoutMs: 15_000 },
      )
      const at = Date.now()
      return parseDomstats(text ?? '').flatMap((stats) => toSample(stats, at) ?? [])
    },
    watch,
  }
}
