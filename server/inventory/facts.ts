import type { Exec } from '@/server/exec/types'
import type { HostView } from '@/server/model/host'

export type HostFacts = Pick<HostView, 'system' | 'kernel' | 'os' | 'arch' | 'cpus' | 'memoryBytes'>

/** "Debian GNU/Linux 12 (bookworm)" from os-release(5). */
export function prettyName(text: string): string | undefined {
  const value = /^PRETTY_NAME=(.*)$/m.exec(text)?.[1]?.trim()
  return value?.replace(/^(["'])(.*)\1$/, '$2') || undefined
}

/** How many processors "0-3,6" names: /sys/devices/system/cpu/online. */
export function countCpus(text: string): number | undefined {
  let count = 0
  for (const part of text.trim().split(',')) {
    const [from, to = from] = part.split('-').map(Number)
    if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return undefined
    count += to - from + 1
  }
  return count
}

/** MemTotal of /proc/meminfo, in bytes. */
export function memoryTotal(text: string): number | undefined {
  const kibibytes = /^MemTotal:\s+(\d+) kB/m.exec(text)?.[1]
  return kibibytes ? Number(kibibytes) * 1024 : undefined
}

/** Processors and bytes of memory of `sysctl -n hw.ncpu hw.physmem`, FreeBSD's sysctl(8): a line each. */
export function parseSysctl(text: string): Pick<HostFacts, 'cpus' | 'memoryBytes'> {
  const [cpus, memoryBytes] = text.trim().split('\n').map(Number)
  return { cpus: cpus || undefined, memoryBytes: memoryBytes || undefined }
}

type Ask = { exec: Exec; text: (path: string) => Promise<string> }

async function linuxFacts({ text }: Ask): Promise<HostFacts> {
  const [cpus, memory] = await Promise.all([text('/sys/devices/system/cpu/online'), text('/proc/meminfo')])
  return { cpus: cpus ? countCpus(cpus) : undefined, memoryBytes: memoryTotal(memory) }
}

async function freebsdFacts({ exec }: Ask): Promise<HostFacts> {
  return exec.read(['sysctl', '-n', 'hw.ncpu', 'hw.physmem'], { timeoutMs: 10_000 }).then(parseSysctl, () => ({}))
}

/** "FreeBSD 14.1-RELEASE-p5" where there is no os-release(5): before 13. */
const freebsdVersion = (exec: Exec) =>
  exec.read(['freebsd-version'], { timeoutMs: 10_000 }).then(
    (version) => `FreeBSD ${version.trim()}`,
    () => 'FreeBSD',
  )

/** What a host says about itself. Rejects only when it does not answer at all; what one system does not tell is absent. */
export async function readFacts(exec: Exec): Promise<HostFacts> {
  // First and alone: a host that does not answer is asked once.
  const [system, kernel, arch] = (await exec.read(['uname', '-srm'], { timeoutMs: 10_000 })).trim().split(' ')
  const text = (path: string) =>
    exec.readFile(path, { maxBytes: 64 * 1024 }).then(
      (bytes) => Buffer.from(bytes).toString(),
      () => '',
    )
  const freebsd = system === 'FreeBSD'
  const ask = { exec, text }
  const [release, size] = await Promise.all([text('/etc/os-release'), freebsd ? freebsdFacts(ask) : linuxFacts(ask)])
  // FreeBSD calls itself amd64 and arm64.
  const archs: Record<string, string> = { amd64: 'x86_64', arm64: 'aarch64' }
  const os = prettyName(release) ?? (freebsd ? await freebsdVersion(exec) : undefined)
  return { system, kernel, arch: archs[arch ?? ''] ?? arch, os, ...size }
}
