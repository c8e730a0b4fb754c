import type { Exec, RunResult } from '@/server/exec/types'
import type { Image } from '@/server/model/image'
import type { Operation } from '@/server/model/operation'
import { GiB, MiB } from '@/server/model/size'
import type { VmSpec } from '@/server/model/spec'
import { openLibvirt } from './engine-host'
import { transcript } from './fixture-transcript'
import { parseDomain } from './parse-domain'

export const guestsDir = '/var/lib/bailiwick/guests'
export const tiny: Image = {
  id: 'tiny',
  host: 'h',
  title: 'Tiny Linux',
  kind: 'kernel',
  arch: 'x86_64',
  files: { kernel: '/i/vmlinuz', initrd: '/i/initrd' },
  sizeBytes: 1,
  minMemoryBytes: 128 * MiB,
  cloudInit: false,
  createdAt: 1,
  source: 'built',
}
export const debian: Image = {
  ...tiny,
  id: 'debian',
  title: 'Debian 12',
  kind: 'disk',
  os: 'Debian 12',
  format: 'qcow2',
  files: { disk: '/var/lib/bailiwick/images/debian-12-x86_64/disk.qcow2' },
  virtualBytes: 4 * GiB,
  cloudInit: true,
}
export const cd: Image = { ...tiny, id: 'cd', title: 'A CD', kind: 'iso', format: 'iso', files: { disk: '/i/cd.iso' } }
export const container: Image = { ...tiny, id: 'box', kind: 'container', files: { alias: 'box' } }

export type Domain = { xml: string; state?: number; snapshots?: string; info?: string; stats?: string; stored?: string }

/** For tests: a virsh that knows these domains and answers each read command from a transcript; nothing else may be run. */
export function host(domains: Domain[] = [], folders: string[] = []) {
  const known = domains.map((d) => ({ ...d, ...parseDomain(d.xml) }))
  const answer = (command: string): string => {
    const of = known.find((d) => command.includes(d.uuid))
    if (command.startsWith('list --all --uuid --name')) return known.map((d) => `${d.uuid} ${d.name}\n`).join('')
    if (command.startsWith('net-list')) return command.includes('--name') ? '' : transcript('net-list.txt')
    if (command.startsWith('domstats'))
      return known
        .filter((d) => d === of || !of)
        .map((d) => `Domain: '${d.name}'\n  state.state=${d.state ?? 5}\n${d.stats ?? ''}`)
        .join('\n')
    if (!of) return ''
    if (command.startsWith('dumpxml')) return command.includes('--inactive') ? (of.stored ?? of.xml) : of.xml
    if (command.startsWith('dominfo')) return of.info ?? 'Persistent:     yes\nAutostart:      disable\nManaged save:   no\n'
    if (command.startsWith('snapshot-list')) return of.snapshots ?? ''
    if (command.startsWith('snapshot-dumpxml')) return transcript('snapshot-dumpxml.xml')
    return ''
  }
  const never = (): never => {
    throw new Error('a planner changes nothing')
  }
  const exec: Exec = {
    async run(argv): Promise<RunResult> {
      const [program, , , , script] = argv
      if (program !== 'virsh' || !script) return never()
      const commands = script.split(/; echo '\n--bailiwick-next--\n'(?:; |$)/)
      if (commands.at(-1) === '') commands.pop()
      const marked = script.endsWith("--bailiwick-next--\n'")
      const stdout = commands.map((c, i) => answer(c) + (marked || i < commands.length - 1 ? '\n--bailiwick-next--\n' : '')).join('')
      return { argv, code: 0, stdout, stderr: '', truncated: false, seconds: 0 }
    },
    read: never,
    lines: never,
    stream: never,
    pty: never,
    connect: never,
    writeFile: never,
    readFile: async () => new Uint8Array(),
    stat: async (path) => (folders.includes(path) ? { size: 0, mtimeMs: 0, isDirectory: true } : null),
    follow: never,
    readDir: async () => [],
    close: async () => {},
  }
  const info = {
    kind: 'libvirt' as const,
    name: 'libvirt',
    version: '9.0.0',
    details: [],
    guestTypes: { vm: true as const },
    arches: [{ arch: 'x86_64' as const, accel: 'tcg' as const, why: 'Emulated: KVM has not been tested' }],
    operations: {},
  }
  const engine = openLibvirt(
    { id: 'h', name: 'h', transport: 'local', libvirtUri: 'qemu:///system' },
    { exec, images: () => [tiny, debian, cd, container], guestsDir, become: 'none' as const },
    info,
  )
  return { plan: (operation: Operation) => engine.plan(operation, new AbortController().signal), engine }
}

export const spec: VmSpec = {
  type: 'vm',
  name: 'web',
  image: 'tiny',
  iso: null,
  arch: 'x86_64',
  cpus: 1,
  memoryBytes: 192 * MiB,
  diskBytes: null,
  network: 'default',
  autostart: false,
  start: true,
  access: null,
}
export const create = (change: Partial<VmSpec> = {}, on = host()) => on.plan({ kind: 'create', spec: { ...spec, ...change } })
export const running = transcript('dumpxml-debian-running.xml')
export const odd = transcript('dumpxml-odd-name.xml')
