import { createHash } from 'node:crypto'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { AppError } from '@/server/errors'
import type { Exec } from '@/server/exec/types'
import type { Guest } from '@/server/model/guest'
import { type DomainStats, parseDomstats } from './domstats'
import { type DomainFacts, stateOf, toGuest } from './guest'
import { type Domain, parseDomain } from './parse-domain'
import { readUri } from './probe'
import { batch, keyValues, quote, table } from './virsh'

/** A domain as read just now: its XML, what it means, and it as a guest. */
export type Read = { xml: string; domain: Domain; facts: DomainFacts; guest: Guest }

export type Reader = {
  all(signal: AbortSignal): Promise<Read[]>
  /** Null when there is no domain of that name. */
  one(name: string, signal: AbortSignal): Promise<Read | null>
  /** Like `one`; rejects with `not-found`. */
  need(name: string, signal: AbortSignal): Promise<Read>
}

const statistics = ['--state', '--vcpu', '--balloon']
const words = (text: string | null) =>
  (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

const pidFile = (name: string) => `/run/libvirt/qemu/${name}.pid`

/** Addresses by MAC out of `virsh net-dhcp-leases`. */
export function parseLeases(text: string | null): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const row of table(text ?? '')) {
    const mac = row.find((cell) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(cell))?.toLowerCase()
    const address = row.find((cell) => /\/\d+$/.test(cell))?.replace(/\/\d+$/, '')
    if (mac && address) found.set(mac, [...(found.get(mac) ?? []), address])
  }
  return found
}

/**
 * Reads domains of one libvirt. Every command names a domain by its UUID: a name such as "5" would otherwise mean the domain with
 * that id. Parsed XML is kept by the hash of its text, so that nothing unchanged is parsed twice. `remote`: every question is a
 * round trip, so many are asked in one.
 */
export function createReader(exec: Exec, host: string, uri: string, remote = false): Reader {
  const withLeases = readUri(uri).driver !== 'test'
  let parsed = new Map<string, { hash: string; domain: Domain }>()
  const uuids = new Map<string, string>()
  const started = new Map<string, number>()

  function understand(uuid: string, xml: string, into: typeof parsed): Domain {
    const hash = createHash('sha1').update(xml).digest('base64')
    const known = parsed.get(uuid)
    const entry = known?.hash === hash ? known : { hash, domain: parseDomain(xml) }
    into.set(uuid, entry)
    uuids.set(entry.domain.name, uuid)
    return entry.domain
  }

  /** QEMU's pid file is written when a domain starts; libvirt itself does not say when that was. */
  async function startTime(domain: Domain, xml: string, stats: DomainStats | undefined): Promise<number | undefined> {
    const id = /^<domain [^>]*\bid=['"](\d+)['"]/.exec(xml)?.[1]
    if (!id || stateOf(stats) === 'stopped' || !/^qemu:\/\/\/system$/.test(uri)) return undefined
    const key = `${domain.uuid} ${id}`
    const known = started.get(key)
    if (known !== undefined) return known
    const file = await exec.stat(pidFile(domain.name)).catch(() => null)
    const at = file ? Math.round(file.mtimeMs) : undefined
    if (at !== undefined) started.set(key, at)
    return at
  }

  /** The same for all that were started since the last list, in one command of coreutils. */
  async function startTimes(dumps: (string | null)[]): Promise<void> {
    const wanted = new Map<string, string>()
    for (const xml of dumps) {
      const [, id] = /^<domain [^>]*\bid=['"](\d+)['"]/.exec(xml?.trim() ?? '') ?? []
      const [, name, uuid] = /<name>([^<&]+)<\/name>\s*<uuid>([^<]+)<\/uuid>/.exec(xml ?? '') ?? []
      if (id && name && uuid && !started.has(`${uuid} ${id}`)) wanted.set(pidFile(name), `${uuid} ${id}`)
    }
    if (wanted.size === 0 || uri !== 'qemu:///system') return
    const said = await exec.run(['stat', '-c', '%Y %n', '--', ...wanted.keys()], { timeoutMs: 10_000 }).catch(() => null)
    for (const line of said?.stdout.split('\n') ?? []) {
      const [, seconds, path = ''] = /^(\d+) (.+)$/.exec(line) ?? []
      const key = wanted.get(path)
      if (key) started.set(key, Number(seconds) * 1000)
    }
  }

  async function all(signal: AbortSignal): Promise<Read[]> {
    const known = [...parsed.keys()]
    const lists = await batch(
      exec,
      uri,
      [
        ['list', '--all', '--uuid', '--autostart'],
        ['list', '--all', '--uuid', '--transient'],
        ['list', '--all', '--uuid', '--with-snapshot'],
        ['domstats', ...statistics],
        // The test driver makes addresses up, and 9.0 crashes on a network of its own that has none.
        ...(withLeases ? [['net-list', '--name']] : []),
        // Those known from the last time are read in the same process; a second one is needed only for what is new.
        ...known.map((uuid) => ['dumpxml', '--domain', uuid]),
        ['list', '--all', '--uuid', '--name'],
      ],
      { signal, needLast: true },
    )
    const before = withLeases ? 5 : 4
    const dumps = new Map(known.map((uuid, i) => [uuid, lists[before + i] ?? null]))
    const names = words(lists.at(-1) ?? null).map((line) => ({ uuid: line.slice(0, 36), name: line.slice(37) }))
    const [autostart, transient, withSnapshots] = lists.slice(0, 3).map((list) => new Set(words(list)))
    const stats = new Map(parseDomstats(lists[3] ?? '').map((s) => [s.name, s]))
    const networks = withLeases ? words(lists[4] ?? null) : []
    const snapshotted = names.filter(({ uuid }) => withSnapshots?.has(uuid))
    const unread = names.filter(({ uuid }) => !dumps.has(uuid))
    const details = await batch(
      exec,
      uri,
      [
        ...unread.map(({ uuid }) => ['dumpxml', '--domain', uuid]),
        ...snapshotted.map(({ uuid }) => ['snapshot-list', '--name', '--domain', uuid]),
        ...networks.map((network) => ['net-dhcp-leases', '--network', network]),
      ],
      { signal },
    )
    for (const [i, { uuid }] of unread.entries()) dumps.set(uuid, details[i] ?? null)
    const counts = new Map(snapshotted.map(({ uuid }, i) => [uuid, words(details[unread.length + i] ?? null).length]))
    const leases = new Map<string, string[]>()
    for (const text of details.slice(unread.length + snapshotted.length))
      for (const [mac, found] of parseLeases(text)) leases.set(mac, found)

    if (remote) await startTimes([...dumps.values()])
    const next: typeof parsed = new Map()
    uuids.clear()
    const reads: Read[] = []
    for (const { uuid } of names) {
      const xml = dumps.get(uuid)?.trim()
      if (!xml) continue
      // A thousand definitions take a second to parse the first time: consoles must go on meanwhile.
      if (reads.length % 32 === 31) await yieldToOthers()
      const domain = understand(uuid, xml, next)
      const of = stats.get(domain.name)
      const facts: DomainFacts = {
        stats: of,
        persistent: !transient?.has(uuid),
        autostart: autostart?.has(uuid) ?? false,
        snapshotCount: counts.get(uuid) ?? 0,
        leases,
        startedAt: await startTime(domain, xml, of),
      }
      reads.push({ xml, domain, facts, guest: toGuest(host, domain, facts) })
    }
    parsed = next
    return reads
  }

  async function byUuid(uuid: string, signal: AbortSignal): Promise<Read | null> {
    const [dump, info, stats, snapshots, leaseText] = await batch(
      exec,
      uri,
      [
        ['dumpxml', '--domain', uuid],
        ['dominfo', '--domain', uuid],
        ['domstats', ...statistics, uuid],
        ['snapshot-list', '--name', '--domain', uuid],
        ...(withLeases ? [['domifaddr', '--domain', uuid]] : []),
      ],
      { signal },
    )
    const xml = dump?.trim()
    if (!xml || !info) return null
    const facing = keyValues(info)
    const domain = understand(uuid, xml, parsed)
    const of = parseDomstats(stats ?? '')[0]
    const facts: DomainFacts = {
      stats: of,
      persistent: facing.get('Persistent') !== 'no',
      autostart: facing.get('Autostart') === 'enable',
      snapshotCount: words(snapshots ?? null).length,
      leases: parseLeases(leaseText ?? null),
      startedAt: await startTime(domain, xml, of),
    }
    return { xml, domain, facts, guest: toGuest(host, domain, facts) }
  }

  async function one(name: string, signal: AbortSignal): Promise<Read | null> {
    const known = uuids.get(name)
    const read = known ? await byUuid(known, signal) : null
    if (read?.domain.name === name) return read
    const [list] = await batch(exec, uri, [['list', '--all', '--uuid', '--name']], { signal, needLast: true })
    uuids.clear()
    for (const line of words(list ?? null)) uuids.set(line.slice(37), line.slice(0, 36))
    const uuid = uuids.get(name)
    const found = uuid ? await byUuid(uuid, signal) : null
    return found?.domain.name === name ? found : null
  }

  return {
    all,
    one,
    async need(name, signal) {
      const read = await one(name, signal)
      if (!read) throw new AppError('not-found', `There is no VM ${quote(name)} on this libvirt`, 'name')
      return read
    },
  }
}
