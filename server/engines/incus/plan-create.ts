import { z } from 'zod'
import type { EngineContext } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import type { EngineInfo } from '@/server/model/capability'
import type { Plan, Step } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import type { ContainerSpec, GuestSpec, VmSpec } from '@/server/model/spec'
import { pool } from './api'
import { defaults, offeredImages, offeredNetworks } from './catalog'
import type { Client } from './client'
import { writeBytes } from './limits'
import type { HostTotals } from './parse'
import { startStep } from './start-step'
import { userData } from './user-data'

type Given = { client: Client; context: EngineContext; host: string; info: EngineInfo; totals: HostTotals; signal: AbortSignal }

type Made = VmSpec | ContainerSpec

const indent = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by)

async function chosenImage(spec: Made, { client, context, host, info, signal }: Given) {
  const images = await offeredImages(client, context, host, signal)
  const kind = spec.type === 'vm' ? 'disk' : 'container'
  const found = images.find((each) => each.id === spec.image && each.kind === kind)
  if (found?.files.alias) return { ...found, alias: found.files.alias }
  const lost = kind === 'container' && context.images().find((each) => each.kind === kind && each.id === spec.image)
  if (lost)
    throw new AppError(
      'invalid',
      `The image ${lost.title} is gone from ${info.name}: it was deleted there. Remove it on the Images page, then build it again there.`,
      'operation.spec.image',
    )
  const why = spec.image ? `There is no ${spec.type === 'vm' ? 'VM' : 'container'} image ${spec.image} in this engine` : 'Choose an image'
  throw new AppError('invalid', `${why}. Build or import one on the Images page.`, 'operation.spec.image')
}

/** The size of the root disk as an argument, or why it has none. A plain directory has no quota (Incus, "Storage drivers: dir"). */
async function rootSize(spec: Made, given: Given, poolName: string | undefined, warnings: string[]): Promise<string[]> {
  if (spec.diskBytes === null) return []
  const pools = await given.client.query('/1.0/storage-pools?recursion=1', z.array(pool), given.signal)
  const driver = pools.find((each) => each.name === poolName)?.driver
  if (driver !== 'dir' || spec.type === 'vm') return ['--device', `root,size=${writeBytes(spec.diskBytes)}`]
  warnings.push(`The disk is not limited to ${formatBytes(spec.diskBytes)}: the pool ${poolName} is a plain directory.`)
  return []
}

/** Plans a new instance. Reads images, networks, pools and the default profile; changes nothing. */
export async function planCreate(spec: GuestSpec, given: Given): Promise<Plan> {
  const { client, info, totals, signal } = given
  const may = info.guestTypes[spec.type] ?? `${info.name} has no ${spec.type}s`
  if (may !== true || spec.type === 'jail')
    throw new AppError('refused', may === true ? 'Jails are made with CBSD' : may, 'operation.spec.type')
  if (typeof info.operations.create === 'string') throw new AppError('refused', info.operations.create)
  if (spec.type === 'vm' && spec.iso)
    throw new AppError('refused', `${info.name} guests start from an image here, not from a CD`, 'operation.spec.iso')

  const warnings: string[] = []
  const image = await chosenImage(spec, given)
  const usual = await defaults(client, signal)
  if (spec.network !== null && !(await offeredNetworks(client, usual.network, signal)).some((each) => each.name === spec.network))
    throw new AppError('invalid', `There is no network ${spec.network} in this engine`, 'operation.spec.network')
  if (spec.cpus > totals.cpus) warnings.push(`The host has only ${totals.cpus} processors.`)
  if (spec.memoryBytes > totals.memoryBytes) warnings.push(`The host has only ${formatBytes(totals.memoryBytes)} of memory.`)

  const options = [
    ...(spec.type === 'vm' ? ['--vm'] : []),
    ...['--config', `limits.cpu=${spec.cpus}`, '--config', `limits.memory=${writeBytes(spec.memoryBytes)}`],
    ...(spec.autostart ? ['--config', 'boot.autostart=true'] : []),
    ...(await rootSize(spec, given, usual.pool, warnings)),
    ...(spec.network === null ? [] : ['--network', spec.network]),
  ]
  const yaml: string[] = []
  let secrets: string[] = []
  if (spec.access) {
    if (!image.cloudInit) warnings.push('This image is not known to have cloud-init: the account may not be made.')
    const data = userData(spec.access)
    secrets = data.secrets
    yaml.push('config:', '  cloud-init.user-data: |', indent(data.text, '    ').trimEnd())
  }
  // The profile's card is overridden by none; a device option cannot say that (Incus 6.0.4: 'Invalid device option "name"').
  if (spec.network === null) yaml.push('devices:', '  eth0:', '    type: none')

  const steps: Step[] = [
    {
      title: `Create ${spec.name} from ${image.title}`,
      argv: client.argv('init', image.alias, spec.name, ...options),
      stdin: yaml.length > 0 ? `${yaml.join('\n')}\n` : undefined,
      env: client.env,
      timeoutMs: 900_000,
      progress: 'percent',
      undo: client.argv('delete', '--force', spec.name),
      secrets,
    },
  ]
  if (spec.start) steps.push(startStep(client, spec.name))
  return {
    steps,
    expect: {
      kind: 'guest',
      name: spec.name,
      states: [spec.start ? 'running' : 'stopped'],
      fields: { cpus: spec.cpus, memoryBytes: spec.memoryBytes, autostart: spec.autostart },
    },
    warnings,
    locks: [`guest:${spec.name}`],
  }
}
