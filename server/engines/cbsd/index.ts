import { AppError } from '@/server/errors'
import type { EngineInfo } from '@/server/model/capability'
import type { Host } from '@/server/model/host'
import type { Engine, EngineContext, EngineHost } from '../types'
import type { Caller } from './argv'
import { guestQuestion } from './ask'
import { activeProfiles, readCatalog } from './catalog'
import { consoleTarget } from './console'
import { filesTarget } from './files'
import { toHostDetail } from './host-detail'
import { toDetail } from './inspect'
import { planCbsd } from './plan'
import { probe } from './probe'
import { createProfiles } from './profiles'
import { createReader, isPlainName, nodeOf, type Reading } from './read'
import { toSamples } from './sample'
import { readFigures, readGuest, readNode } from './scripts'
import { parseCheckpoints, readSnapshots, zoneMinutes } from './snapshots'
import type { CbsdHost, Found, Known } from './types'
import { createWatch } from './watch'

function open(host: Host, context: EngineContext, info: EngineInfo): EngineHost {
  const { exec } = context
  const caller: Caller = { host, context }
  const reader = createReader(host, context)
  const watch = createWatch(exec)
  const profiles = createProfiles(caller, async (signal) => activeProfiles(await reader.output(readNode, signal)))
  /** As of the last list: figures need to know how large a guest is. */
  let guests: ReadonlyMap<string, Found> | null = null

  async function all(signal: AbortSignal): Promise<Reading> {
    const reading = await reader.all(signal)
    guests = new Map(reading.found.map((found) => [found.name, found]))
    watch.seen(reading.output.facts('told').get('hook') === '1', reading.node.workdir)
    profiles.prepare()
    return reading
  }
  const missing = (name: string) => new AppError('not-found', `There is no guest ${JSON.stringify(name)} in CBSD`, 'name')

  async function whole(name: string, signal: AbortSignal): Promise<{ reading: Reading; found: Found }> {
    const reading = await reader.with(readGuest, name, signal)
    const found = reading.found.find((each) => each.name === name)
    if (!found) throw missing(name)
    return { reading, found }
  }

  async function inspect(name: string, signal: AbortSignal) {
    const { reading, found } = await whole(name, signal)
    const detail = toDetail(reading, found)
    const checkpoints = found.kind === 'vm' && found.engine === 'bhyve' && info.operations['checkpoint.create'] === undefined
    if (!checkpoints) return detail
    // Its exit code is 1 where there are none.
    const { stdout } = await exec.run(guestQuestion(caller, 'checkpoints', name), { signal })
    return { ...detail, checkpoints: parseCheckpoints(stdout) }
  }

  const zone = async (signal: AbortSignal) => zoneMinutes(await exec.read(['date', '+%z'], { signal }))

  async function hostDetail(signal: AbortSignal) {
    const [output, minutes] = await Promise.all([reader.output(readNode, signal), zone(signal)])
    return toHostDetail(output, nodeOf(output), profiles.now(), minutes)
  }

  async function catalog(signal: AbortSignal) {
    const [output, known] = await Promise.all([reader.output(readNode, signal), profiles.get()])
    return readCatalog(caller, nodeOf(output), output, known, signal)
  }

  async function snapshots(name: string, signal: AbortSignal) {
    const { node, found } = await reader.one(name, signal)
    const guest = found.find((each) => each.name === name)
    if (!guest) throw missing(name)
    // Elsewhere CBSD answers with an error that looks like a row.
    return node.zfs && (guest.kind === 'jail' || guest.engine === 'bhyve') ? readSnapshots(caller, name, signal) : []
  }

  return {
    info,
    alsoPoll: true,
    list: async (signal) => (await all(signal)).found.map(({ guest }) => guest),
    async get(name, signal) {
      if (!isPlainName(name)) return null
      return (await reader.one(name, signal)).found.find((each) => each.name === name)?.guest ?? null
    },
    inspect,
    async plan(operation, signal) {
      const refused = info.operations[operation.kind]
      if (typeof refused === 'string') throw new AppError('refused', refused)
      const { node, found } = await all(signal)
      const cbsd: CbsdHost = { host, context, info, node }
      const known: Known = {
        cbsd,
        guests: found,
        detail: (name) => inspect(name, signal),
        snapshots: (name) => snapshots(name, signal),
        catalog: () => catalog(signal),
        hostDetail: () => hostDetail(signal),
      }
      return planCbsd(operation, known)
    },
    async console(name, kind, signal) {
      const { reading, found } = await whole(name, signal)
      const settings = reading.output.rows('whole').find(({ tag }) => tag === 'settings')?.row
      return consoleTarget(caller, found.kind === 'vm' ? { ...found, settings: settings ?? found.settings } : found, kind)
    },
    async files(name, signal) {
      return filesTarget(caller, (await whole(name, signal)).found, info)
    },
    catalog,
    snapshots,
    hostDetail,
    async sample(signal) {
      const known = guests ?? new Map((await all(signal)).found.map((found) => [found.name, found]))
      const output = await reader.output(readFigures, signal)
      return toSamples(output, known, Date.now())
    },
    watch: (signal) => watch.events(signal),
  }
}

/** CBSD: jails, bhyve and QEMU on FreeBSD; Xen and VirtualBox where CBSD lists them. */
export const cbsd: Engine = { kind: 'cbsd', probe, open }
