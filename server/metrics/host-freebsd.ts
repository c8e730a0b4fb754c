import type { Exec } from '@/server/exec/types'
import type { HostReading } from './host-counters'

const names = [
  'kern.cp_time',
  'hw.physmem',
  'hw.pagesize',
  'vm.loadavg',
  'vm.stats.vm.v_free_count',
  'vm.stats.vm.v_inactive_count',
  'vm.stats.vm.v_laundry_count',
  'vm.stats.vm.v_cache_count',
  'kstat.zfs.misc.arcstats.size',
  'kstat.zfs.misc.arcstats.c_min',
]

const mark = '--bailiwick-next--'

/**
 * All that is read of a FreeBSD host, as one constant script: three programs tell it, and one round trip brings it.
 * `-i`: names that this release does not have are left out, not an error.
 */
const script = `sysctl -i ${names.join(' ')}; echo '${mark}'; netstat -ibn; echo '${mark}'; iostat -Ix\n`

/** Not cards: what guests, tunnels and bridges carry passes a card as well, or none. */
const virtual = /^(lo|bridge|tap|epair|vnet|e\d+[ab]|pflog|pfsync|wg|tun|gif|gre|stf|vlan|lagg|vm-|enc|ipfw)/
/** Not disks of their own. */
const madeUp = /^(pass|cd|md|nullfs|ggate|gzero)/

/** "name: value" lines of sysctl(8). */
export function parseSysctls(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^([a-z0-9_.]+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value.trim()]))
}

/**
 * Bytes of memory in use. What is not available counts, as on Linux: free, inactive and laundry pages give way, and so does
 * ZFS's cache down to its least size. tuning(7), sysctl names of vm_meter.c and arc.
 */
export function memoryUsed(values: ReadonlyMap<string, string>): number | undefined {
  const number = (name: string) => Number(values.get(name) ?? 0)
  const total = number('hw.physmem')
  const page = number('hw.pagesize')
  if (!total || !page || !values.has('vm.stats.vm.v_free_count')) return undefined
  const pages = ['free', 'inactive', 'laundry', 'cache'].reduce((sum, name) => sum + number(`vm.stats.vm.v_${name}_count`), 0)
  const cache = Math.max(0, number('kstat.zfs.misc.arcstats.size') - number('kstat.zfs.misc.arcstats.c_min'))
  return Math.max(0, total - pages * page - cache)
}

/** `netstat -ibn`: the lines of link level, whose address may be missing, so that columns count from the end. */
export function parseNetstat(text: string): { rx: number; tx: number } {
  const sum = { rx: 0, tx: 0 }
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/)
    if (!/<Link#\d+>/.test(line) || virtual.test(fields[0] ?? '')) continue
    sum.rx += Number(fields.at(-5)) || 0
    sum.tx += Number(fields.at(-2)) || 0
  }
  return sum
}

/** `iostat -Ix`: totals since boot in kB, by column name. */
export function parseIostat(text: string): { read: number; write: number } {
  const sum = { read: 0, write: 0 }
  let columns: string[] = []
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/)
    if (fields[0] === 'device') columns = fields
    else if (columns.length > 0 && fields.length === columns.length && !madeUp.test(fields[0] ?? '')) {
      sum.read += (Number(fields[columns.indexOf('kr/i')]) || 0) * 1024
      sum.write += (Number(fields[columns.indexOf('kw/i')]) || 0) * 1024
    }
  }
  return sum
}

/** Out of what the script printed. Rejects when the host tells nothing of its processors. */
export function understandFreebsd(text: string, at: number): HostReading {
  const [sysctl = '', netstat = '', iostat = ''] = text.split(`${mark}\n`)
  const values = parseSysctls(sysctl)
  const times = values.get('kern.cp_time')?.split(' ').map(Number)
  if (!times || times.length < 5) throw new Error('The host tells no counters')
  const total = times.reduce((sum, each) => sum + each, 0)
  const net = parseNetstat(netstat)
  const disks = parseIostat(iostat)
  return {
    // user, nice, system, interrupt, idle
    ticks: { busy: total - (times[4] ?? 0), total },
    memoryBytes: Number(values.get('hw.physmem') ?? 0),
    load1: Number(/[\d.]+/.exec(values.get('vm.loadavg') ?? '')?.[0] ?? 0),
    sample: {
      name: '',
      at,
      memoryUsedBytes: memoryUsed(values),
      diskReadBytes: disks.read,
      diskWriteBytes: disks.write,
      netRxBytes: net.rx,
      netTxBytes: net.tx,
    },
  }
}

/** The counters of a FreeBSD host, in one command. */
export async function readFreebsd(exec: Exec): Promise<HostReading> {
  const result = await exec.run(['/bin/sh', '-s'], { stdin: script, timeoutMs: 10_000, maxBytes: 1024 * 1024 })
  return understandFreebsd(result.stdout, Date.now())
}
