import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import { metadataNamespace } from './domain-xml'

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  // Also decodes numeric references, which libvirt writes for control characters.
  htmlEntities: true,
  isArray: (name, path) => typeof path === 'string' && /^domain\.(devices|metadata)\.[^.]+$/.test(path) && name !== 'emulator',
})

// An element is a string when it holds only text, else an object with '#text' and '@attributes'.
const element = z.union([z.string().transform((text): Record<string, unknown> => ({ '#text': text })), z.record(z.string(), z.unknown())])
const textOf = z.union([z.string(), z.object({ '#text': z.string() }).transform((e) => e['#text'])])
const sized = z.union([
  z.string().transform((text) => ({ '#text': text, '@unit': 'KiB' })),
  z.object({ '#text': z.string(), '@unit': z.string().default('KiB') }),
])
const list = z.array(element).default([])

const domainShape = z.object({
  domain: z.object({
    '@type': z.string().default(''),
    name: textOf,
    uuid: textOf,
    memory: sized.optional(),
    currentMemory: sized.optional(),
    vcpu: z
      .union([
        z.string().transform((text) => ({ '#text': text, '@current': undefined })),
        z.object({ '#text': z.string(), '@current': z.string().optional() }),
      ])
      .optional(),
    os: element.optional(),
    metadata: element.optional(),
    devices: z
      .object({ disk: list, interface: list, serial: list, console: list, graphics: list, hostdev: list, filesystem: list, channel: list })
      .partial()
      .or(z.string().transform(() => ({}))),
  }),
})

export type DomainDisk = {
  type: string
  device: string
  target: string
  bus?: string
  /** The file or device; '' for an empty drive. */
  path: string
  format?: string
  readOnly: boolean
  shareable: boolean
}
export type DomainNic = { mac: string; target?: string; network?: string; model?: string }
export type Domain = {
  type: string
  name: string
  uuid: string
  memoryBytes: number
  maxMemoryBytes: number
  cpus: number
  maxCpus: number
  arch: string
  machine: string
  osType: string
  firmware?: string
  kernel?: string
  nvram?: string
  disks: DomainDisk[]
  nics: DomainNic[]
  serial: { pty: boolean; log?: string } | null
  vnc: { port: number; listen: string; socket?: string; password?: string } | null
  hostDevices: number
  /** The guest agent has its end of the channel open. */
  agent: boolean
  /** What Bailiwick wrote when it made the domain. */
  own: { folder?: string; os?: string; user?: string; image?: string; accelerator?: string } | null
  /** libosinfo's identifier, where another tool wrote one: "http://debian.org/debian/12". */
  osinfo?: string
}

const text = (value: unknown): string | undefined => {
  const parsed = textOf.safeParse(Array.isArray(value) ? value[0] : value)
  return parsed.success ? parsed.data : undefined
}
const child = (value: unknown, ...path: string[]): unknown => {
  let at = value
  for (const key of path) {
    const record = z.record(z.string(), z.unknown()).safeParse(Array.isArray(at) ? at[0] : at)
    at = record.success ? record.data[key] : undefined
  }
  return at
}
const attribute = (value: unknown, ...path: string[]): string | undefined => text(child(value, ...path))
const has = (value: unknown, key: string): boolean => child(value, key) !== undefined

const factors: Record<string, number> = {
  b: 1,
  bytes: 1,
  KB: 1000,
  k: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 2 ** 20,
  MiB: 2 ** 20,
  GB: 1e9,
  G: 2 ** 30,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  T: 2 ** 40,
}
const bytes = (size: { '#text': string; '@unit'?: string } | undefined): number =>
  size ? Math.round(Number(size['#text']) * (factors[size['@unit'] ?? 'KiB'] ?? 1024)) : 0

function disk(e: Record<string, unknown>): DomainDisk {
  const source = child(e, 'source')
  const type = attribute(e, '@type') ?? 'file'
  const volume = attribute(source, '@volume')
  return {
    type,
    device: attribute(e, '@device') ?? 'disk',
    target: attribute(e, 'target', '@dev') ?? '',
    bus: attribute(e, 'target', '@bus'),
    path:
      attribute(source, '@file') ??
      attribute(source, '@dev') ??
      attribute(source, '@name') ??
      (volume ? `${attribute(source, '@pool') ?? ''}/${volume}` : ''),
    format: attribute(e, 'driver', '@type'),
    readOnly: has(e, 'readonly'),
    shareable: has(e, 'shareable'),
  }
}

function ownFacts(metadata: unknown): Domain['own'] {
  const found = child(metadata, 'bailiwick:guest')
  if (found === undefined || attribute(found, '@xmlns:bailiwick') !== metadataNamespace) return null
  const fact = (name: string) => text(child(found, `bailiwick:${name}`))
  return { folder: fact('folder'), os: fact('os'), user: fact('user'), image: fact('image'), accelerator: fact('accelerator') }
}

function vnc(graphics: Record<string, unknown>[]): Domain['vnc'] {
  const found = graphics.find((g) => g['@type'] === 'vnc')
  if (!found) return null
  const socket = attribute(found, '@socket') ?? attribute(found, 'listen', '@socket')
  const listen = attribute(found, '@listen') ?? attribute(found, 'listen', '@address') ?? '127.0.0.1'
  return { port: Number(attribute(found, '@port') ?? -1), listen, socket, password: attribute(found, '@passwd') }
}

/** https://libvirt.org/formatdomain.html#channel */
const agentChannel = 'org.qemu.guest_agent.0'

/** A domain out of `virsh dumpxml`. Throws when the text is not a domain. */
export function parseDomain(xml: string): Domain {
  const { domain } = domainShape.parse(parser.parse(xml))
  const devices = z
    .object({ disk: list, interface: list, serial: list, console: list, graphics: list, hostdev: list, filesystem: list, channel: list })
    .parse(domain.devices)
  const memory = bytes(domain.memory)
  const maxCpus = Number(domain.vcpu?.['#text'] ?? 1)
  const port = devices.serial[0] ?? devices.console[0]
  return {
    type: domain['@type'],
    name: domain.name,
    uuid: domain.uuid,
    memoryBytes: bytes(domain.currentMemory) || memory,
    maxMemoryBytes: memory,
    cpus: Number(domain.vcpu?.['@current'] ?? maxCpus),
    maxCpus,
    arch: attribute(domain.os, 'type', '@arch') ?? '',
    machine: attribute(domain.os, 'type', '@machine') ?? '',
    osType: text(child(domain.os, 'type')) ?? '',
    firmware: attribute(domain.os, '@firmware') ?? text(child(domain.os, 'loader')),
    kernel: text(child(domain.os, 'kernel')),
    nvram: text(child(domain.os, 'nvram')),
    disks: devices.disk.map(disk),
    nics: devices.interface.map((e) => ({
      mac: (attribute(e, 'mac', '@address') ?? '').toLowerCase(),
      target: attribute(e, 'target', '@dev'),
      network: attribute(e, 'source', '@network') ?? attribute(e, 'source', '@bridge') ?? attribute(e, 'source', '@dev'),
      model: attribute(e, 'model', '@type'),
    })),
    serial: port ? { pty: attribute(port, '@type') === 'pty', log: attribute(port, 'log', '@file') } : null,
    vnc: vnc(devices.graphics),
    hostDevices: devices.hostdev.length + devices.filesystem.length,
    agent: devices.channel.some(
      (e) => attribute(e, 'target', '@name') === agentChannel && attribute(e, 'target', '@state') === 'connected',
    ),
    own: ownFacts(domain.metadata),
    osinfo: attribute(domain.metadata, 'libosinfo:libosinfo', 'libosinfo:os', '@id'),
  }
}
