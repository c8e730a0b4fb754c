/** Statistics of one domain as `virsh domstats` prints them: "balloon.current" → "196608". */
export type DomainStats = { name: string; values: Map<string, string> }

/** Parses `virsh domstats`. Names are printed raw between quotes; libvirt forbids newlines in them. */
export function parseDomstats(text: string): DomainStats[] {
  const found: DomainStats[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith("Domain: '")) {
      found.push({ name: line.slice(9, line.lastIndexOf("'")), values: new Map() })
      continue
    }
    const equals = line.indexOf('=')
    if (equals > 0) found.at(-1)?.values.set(line.slice(0, equals).trim(), line.slice(equals + 1))
  }
  return found
}

/** A counter as a number; undefined when libvirt does not give it. */
export function count(stats: DomainStats | undefined, key: string): number | undefined {
  const text = stats?.values.get(key)
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  return Number(text)
}

/** The sum of "net.0.rx.bytes", "net.1.rx.bytes" …; undefined when there is not one. */
export function sum(stats: DomainStats, group: string, counter: string): number | undefined {
  const items = count(stats, `${group}.count`) ?? 0
  let total: number | undefined
  for (let i = 0; i < items; i++) {
    const value = count(stats, `${group}.${i}.${counter}`)
    if (value !== undefined) total = (total ?? 0) + value
  }
  return total
}
