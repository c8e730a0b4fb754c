import type { Allowed } from '@/server/model/capability'
import type { Medium } from '@/server/model/guest'
import type { Archive, Base, EngineHostDetail, EngineNode } from '@/server/model/host-detail'
import { formatBytes } from '@/server/model/size'
import { accountingRemedy } from './guest-rules'
import { mediumOf } from './inspect'
import type { Output } from './output'
import type { Profiles } from './profiles'
import { flag, integer, text } from './row'
import { toTask } from './tasks'
import { hookPaths, type Node, type Row } from './types'

const rowsOf = (output: Output, tag: string): Row[] => output.rows('whole').flatMap((each) => (each.tag === tag ? [each.row] : []))

/** Bases that the database names, and whether their folder is there: basejail/base_ARCH_TARGETARCH_VERSION. */
export function basesOf(output: Output): Base[] {
  const folders = new Set(output.lines('bases'))
  const bases = new Map<string, Base>()
  for (const row of rowsOf(output, 'base')) {
    const version = text(row, 'ver')
    const arch = text(row, 'targetarch') ?? text(row, 'arch')
    if (!version || !arch) continue
    const platform = text(row, 'platform') ?? 'FreeBSD'
    const key = `${platform}/${version}/${arch}`
    const folder = `base_${text(row, 'arch') ?? arch}_${arch}_${version}`
    bases.set(key, {
      key,
      platform,
      version,
      arch,
      present: folders.has(folder) || [...folders].some((each) => each.endsWith(`_${version}`)),
    })
  }
  return [...bases.values()]
}

/** One entry for each name: the registered medium rather than its copy in a drive, for that one knows its size. */
export function mediaOf(output: Output): Medium[] {
  const media = new Map<string, Medium>()
  for (const row of rowsOf(output, 'media')) {
    const medium = mediumOf(row)
    // CBSD lists the disks of VMs as well, all by the same few names.
    if (!medium || (medium.kind === 'hdd' && medium.attachedTo)) continue
    const known = media.get(medium.key)
    const both = {
      ...known,
      ...medium,
      sizeBytes: medium.sizeBytes ?? known?.sizeBytes,
      attachedTo: known?.attachedTo ?? medium.attachedTo,
    }
    media.set(medium.key, both)
  }
  return [...media.values()]
}

const nodesOf = (output: Output): EngineNode[] =>
  rowsOf(output, 'node').flatMap((row) => {
    const key = text(row, 'nodename')
    if (!key) return []
    const port = integer(row, 'port')
    return [
      {
        key,
        address: `${text(row, 'ip') ?? '?'}${port && port !== 22 ? `:${port}` : ''}`,
        online: integer(row, 'status') === 1 || /^connected$/i.test(text(row, 'status') ?? ''),
        seen: text(row, 'idle'),
      },
    ]
  })

const archivesOf = (output: Output): Archive[] =>
  output.lines('archives').flatMap((line) => {
    const [, size, made, key] = /^(\d+) (\d+) (\/.*)$/.exec(line) ?? []
    return key ? [{ key, sizeBytes: Number(size), madeAt: Number(made) * 1000 }] : []
  })

/**
 * Folders of guests that nobody knows: neither the table nor a file of an unregistered one. While a guest is being made its
 * folder is there before its row is, so what a running command names is left out, and everything while one names nothing. Nodes
 * may share these folders (moving VMs needs it), and then a folder without a row is somebody's guest on another node: where CBSD
 * knows other nodes, nothing is taken for debris.
 */
export function debrisOf(output: Output, node: Node): { key: string; path: string }[] {
  if (nodesOf(output).length > 0) return []
  const guests = new Set(rowsOf(output, 'guest').map((row) => text(row, 'jname')))
  const making = output.lines('making')
  const named = new Set<string>()
  for (const line of making) {
    const names = [...line.matchAll(/\b(?:jname|new|new_jname)=([A-Za-z0-9_.@%:-]+)/g)].map((match) => match[1] ?? '')
    if (names.length === 0) return []
    for (const name of names) named.add(name)
  }
  return output
    .lines('folders')
    .filter((name) => !guests.has(name) && !named.has(name) && name !== node.nodename && name !== 'CBSDSYS')
    .map((key) => ({ key, path: `${node.workdir}/jails-system/${key}` }))
}

/** Whether FreeBSD accounts for what guests use, and whether anybody writes it down. */
export function accountingOf(node: Node): Allowed {
  if (!node.racct) return `Off: ${accountingRemedy}, and sysrc cbsd_statsd_jail_enable=YES`
  if (!flag(node.local, 'statsd_jail_enable') && !node.root)
    return 'On, but no daemon writes it down: sysrc cbsd_statsd_jail_enable=YES; service cbsd-statsd-jail start'
  return true
}

export function hookOf(output: Output, node: Node): EngineHostDetail['hook'] {
  const facts = output.facts('hook')
  const unquoted = (key: string) =>
    (facts.get(key) ?? '')
      .replace(/["']/g, '')
      .replace(/\s*#.*$/, '')
      .trim()
  const backend = unquoted('backend')
  if (backend === '' || !/^yes$/i.test(unquoted('enabled'))) return 'off'
  if (backend !== hookPaths(node.workdir).script) return 'foreign'
  return facts.get('script') === '1' ? 'on' : 'off'
}

/** "4 min" of so many ms. */
function ago(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  if (minutes < 60) return `${minutes} min ago`
  return minutes < 2880 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} days ago`
}

function factsOf(output: Output, node: Node): [string, string][] {
  const local = rowsOf(output, 'local')[0] ?? node.local
  const [, , changed] = /^(\d+) (\d+)$/.exec(output.lines('changed')[0] ?? '') ?? []
  const now = Number(output.facts('host').get('now') ?? 0) * 1000
  const memory = integer(local, 'physmem')
  const free = integer(local, 'freemem')
  const unregistered = output.lines('unregistered')
  const shown: [string, string | undefined][] = [
    ['CBSD', node.version],
    ['Node', node.nodename],
    ['Platform', [node.platform, text(local, 'osrelease'), text(local, 'hostarch')].filter(Boolean).join(' ')],
    ['Kernel', output.lines('kernel').find((line) => !line.includes(':'))],
    ['Folder', node.workdir],
    ['File system', node.zfs ? 'ZFS: snapshots and quick clones' : `${text(local, 'fs') ?? 'not ZFS'}: no snapshots, disks do not grow`],
    ['Processor', [text(local, 'cpumodel'), `${integer(local, 'ncpu') ?? '?'} processors`].filter(Boolean).join(', ')],
    ['Memory', memory ? `${formatBytes(memory)}${free ? `, ${formatBytes(free)} free when CBSD last looked` : ''}` : undefined],
    ['Load', text(local, 'la')],
    ['CBSD looked', changed ? `${ago(now - Number(changed) * 1000)} (cbsd sysinv mode=update looks again)` : undefined],
    ['Disks', text(local, 'disks')],
    ['Interfaces', text(local, 'nics')],
    ['Address pool', text(local, 'nodeippool')],
    ['Not registered', unregistered.length > 0 ? unregistered.join(', ') : undefined],
  ]
  return shown.filter((fact): fact is [string, string] => Boolean(fact[1]))
}

/** Out of one reading of `readNode`: what the host page shows. `zone`: minutes east of UTC of the host's clock. */
export function toHostDetail(output: Output, node: Node, profiles: Profiles | null, zone: number): EngineHostDetail {
  return {
    facts: factsOf(output, node),
    bases: basesOf(output),
    media: mediaOf(output),
    profiles: profiles
      ? [
          { kind: 'VM disks', count: profiles.vm.filter((each) => each.cloud).length },
          { kind: 'VM installers', count: profiles.vm.filter((each) => !each.cloud).length },
          { kind: 'Jails', count: profiles.jail.length },
        ]
      : [],
    tasks: rowsOf(output, 'task').flatMap((row) => toTask(row, zone) ?? []),
    nodes: nodesOf(output),
    archives: archivesOf(output),
    debris: debrisOf(output, node),
    accounting: accountingOf(node),
    hook: hookOf(output, node),
  }
}
