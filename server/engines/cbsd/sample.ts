import type { Sample } from '@/server/model/metrics'
import { parseAlive } from './alive'
import { type Output, safeRow } from './output'
import { decimal, integer } from './row'
import type { Found, Row } from './types'

/** A row of accounting that is older than this is of a daemon that has stopped, seconds. It writes one every 5 s. */
const freshSeconds = 60

/** Lines of rctl(8) per jail: "NAME cputime=12". */
export function parseRctl(lines: readonly string[]): Map<string, Row> {
  const found = new Map<string, Record<string, number>>()
  for (const line of lines) {
    const [, name, key, value] = /^(\S+) ([a-z]+)=(\d+)$/.exec(line) ?? []
    if (!name || !key) continue
    const row = found.get(name) ?? {}
    row[key] = Number(value)
    found.set(name, row)
  }
  return found
}

/**
 * Figures of running guests, out of one reading of `readFigures`. Jails: CBSD's accounting, or rctl(8); without RACCT nobody
 * counts for them. VMs: the processor time and memory of their process, which the system always knows, and the disk's
 * rates where there is accounting; where processes are hidden from us, the accounting. `pcpu` is percent of one processor.
 */
export function toSamples(output: Output, guests: ReadonlyMap<string, Found>, at: number): Sample[] {
  const alive = parseAlive(output)
  const now = Number(output.facts('host').get('now') ?? 0)
  const accounts = new Map<string, Row>()
  for (const { tag, name, json } of output.tagged('rows')) {
    const row = tag === 'racct' ? safeRow(json) : null
    if (row && now - (integer(row, 'idx') ?? 0) < freshSeconds) accounts.set(name, row)
  }
  const asked = parseRctl(output.lines('rctl'))
  const samples: Sample[] = []
  for (const [name, found] of guests) {
    const account = accounts.get(name) ?? asked.get(name)
    const rates = account ? { diskRead: integer(account, 'readbps'), diskWrite: integer(account, 'writebps') } : undefined
    if (found.kind === 'vm' && !alive.hidden) {
      const machine = alive.machine(name, found.engine)
      if (machine) samples.push({ name, at, cpuNs: machine.cpuNs, memoryUsedBytes: machine.memoryBytes, ...(rates && { rates }) })
      continue
    }
    if (!account || (found.kind === 'jail' && !alive.jails.has(name))) continue
    const percent = decimal(account, 'pcpu')
    const seconds = integer(account, 'cputime')
    samples.push({
      name,
      at,
      ...(seconds !== undefined && { cpuNs: seconds * 1e9 }),
      memoryUsedBytes: integer(account, 'memoryuse'),
      rates: { ...rates, ...(percent !== undefined && { cpu: percent / 100 / Math.max(1, found.guest.cpus) }) },
    })
  }
  return samples
}
