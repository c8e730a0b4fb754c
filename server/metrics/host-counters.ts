import { readMany } from '@/server/exec/read-many'
import type { Exec } from '@/server/exec/types'
import type { Sample } from '@/server/model/metrics'

/** Processor time in ticks: all processors together since boot. */
export type Ticks = { busy: number; total: number }

/** First line of /proc/stat, proc(5). Waiting for a disk counts as idle; guests' time is part of user. */
export function parseTicks(text: string): Ticks | null {
  const line = /^cpu +(.+)$/m.exec(text)?.[1]
  if (!line) return null
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line.split(' ').map(Number)
  const busy = user + nice + system + irq + softirq + steal
  return { busy, total: busy + idle + iowait }
}

/** /proc/meminfo. Used is what is not available: caches that give way do not count. */
export function parseMemory(text: string): { total: number; used: number } | null {
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024
  const total = bytes('MemTotal')
  const available = bytes('MemAvailable')
  return Number.isNaN(total) || Number.isNaN(available) ? null : { total, used: total - available }
}

/** /proc/diskstats: sectors of 512 bytes, whatever the disk's own are. Only `disks`: a partition's bytes are its disk's too. */
export function parseDisks(text: string, disks: ReadonlySet<string>): { read: number; write: number } {
  const sum = { read: 0, write: 0 }
  for (const line of text.split('\n')) {
    const [, , name = '', , , read, , , , write] = line.trim().split(/\s+/)
    if (!disks.has(name)) continue
    sum.read += Number(read) * 512
    sum.write += Number(write) * 512
  }
  return sum
}

/** /proc/net/dev, only `cards`: a guest's bytes pass its own interface, a bridge and a card. */
export function parseNet(text: string, cards: ReadonlySet<string>): { rx: number; tx: number } {
  const sum = { rx: 0, tx: 0 }
  for (const line of text.split('\n')) {
    const [name = '', rest] = line.split(':')
    if (!rest || !cards.has(name.trim())) continue
    const fields = rest.trim().split(/\s+/)
    sum.rx += Number(fields[0])
    sum.tx += Number(fields[8])
  }
  return sum
}

/** Disks made of other disks, or of memory: their bytes are counted elsewhere. */
const madeUp = /^(loop|ram|zram|dm-|md|sr|fd|nbd)/
const virtual = /^(lo$|veth|vnet|tap|tun|virbr|incusbr|lxdbr|docker|br-|ifb|dummy|wg|bond)/

export type Devices = { disks: ReadonlySet<string>; cards: ReadonlySet<string> }

/** Whole disks; and real network cards, or where no card is real (in a container) whatever is not known to be virtual. */
export function chooseDevices(blocks: string[], nets: { name: string; real: boolean }[]): Devices {
  const real = nets.filter((net) => net.real)
  const cards = real.length > 0 ? real : nets.filter(({ name }) => !virtual.test(name))
  return { disks: new Set(blocks.filter((name) => !madeUp.test(name))), cards: new Set(cards.map(({ name }) => name)) }
}

/** The devices of this machine: no process is started. */
export async function findDevices(exec: Exec): Promise<Devices> {
  const [blocks, nets] = await Promise.all([exec.readDir('/sys/block'), exec.readDir('/sys/class/net')])
  const cards = await Promise.all(nets.map(async (name) => ({ name, real: (await exec.stat(`/sys/class/net/${name}/device`)) !== null })))
  return chooseDevices(blocks, cards)
}

/** What `find -L /sys/block /sys/class/net -mindepth 1 -maxdepth 2 -type d` printed. A card of hardware has a `device`. */
export function parseFound(text: string): Devices {
  const lines = text.split('\n')
  const nets = lines.flatMap((line) => /^\/sys\/class\/net\/([^/]+)$/.exec(line)?.[1] ?? [])
  const blocks = lines.flatMap((line) => /^\/sys\/block\/([^/]+)$/.exec(line)?.[1] ?? [])
  const all = new Set(lines)
  return chooseDevices(
    blocks,
    nets.map((name) => ({ name, real: all.has(`/sys/class/net/${name}/device`) })),
  )
}

/** The devices of another machine in one command. Links in /sys go round in circles, of which find tells by its exit code. */
export async function findDevicesAtOnce(exec: Exec): Promise<Devices> {
  const argv = ['find', '-L', '/sys/block', '/sys/class/net', '-mindepth', '1', '-maxdepth', '2', '-type', 'd'] as const
  return parseFound((await exec.run(argv, { timeoutMs: 10_000, maxBytes: 1024 * 1024 })).stdout)
}

export type HostReading = { sample: Sample; ticks: Ticks | null; memoryBytes: number; load1: number }

const files = ['/proc/stat', '/proc/meminfo', '/proc/loadavg', '/proc/diskstats', '/proc/net/dev'] as const
type Texts = Record<(typeof files)[number], string>

export function understand(texts: Texts, devices: Devices): HostReading {
  const memory = parseMemory(texts['/proc/meminfo'])
  const disks = parseDisks(texts['/proc/diskstats'], devices.disks)
  const cards = parseNet(texts['/proc/net/dev'], devices.cards)
  return {
    ticks: parseTicks(texts['/proc/stat']),
    memoryBytes: memory?.total ?? 0,
    load1: Number(texts['/proc/loadavg'].split(' ')[0]) || 0,
    sample: {
      name: '',
      at: Date.now(),
      memoryUsedBytes: memory?.used,
      diskReadBytes: disks.read,
      diskWriteBytes: disks.write,
      netRxBytes: cards.rx,
      netTxBytes: cards.tx,
    },
  }
}

/** This machine's counters, out of five small files: no process is started. */
export async function readHost(exec: Exec, devices: Devices): Promise<HostReading> {
  const text = async (path: string, maxBytes: number) => Buffer.from(await exec.readFile(path, { maxBytes })).toString()
  const [stat, meminfo, loadavg, diskstats, net] = await Promise.all([
    text('/proc/stat', 512),
    text('/proc/meminfo', 4096),
    text('/proc/loadavg', 128),
    text('/proc/diskstats', 256 * 1024),
    text('/proc/net/dev', 1024 * 1024),
  ])
  return understand(
    { '/proc/stat': stat, '/proc/meminfo': meminfo, '/proc/loadavg': loadavg, '/proc/diskstats': diskstats, '/proc/net/dev': net },
    devices,
  )
}

/** The counters of another machine with Linux, in one command. Rejects when it does not tell them. */
export async function readHostAtOnce(exec: Exec, devices: Devices): Promise<HostReading> {
  const found = await readMany(exec, files)
  if (!found.get('/proc/stat')) throw new Error('The host tells no counters in /proc')
  const text = (path: (typeof files)[number]) => found.get(path) ?? ''
  return understand(
    {
      '/proc/stat': text('/proc/stat'),
      '/proc/meminfo': text('/proc/meminfo'),
      '/proc/loadavg': text('/proc/loadavg'),
      '/proc/diskstats': text('/proc/diskstats'),
      '/proc/net/dev': text('/proc/net/dev'),
    },
    devices,
  )
}
