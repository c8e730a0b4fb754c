import type { Exec } from '@/server/exec/types'
import type { HostView } from '@/server/model/host'

export type HostFacts = Pick<HostView, 'kernel' | 'os' | 'arch' | 'cpus' | 'memoryBytes'>

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

/** What a host says about itself. Rejects only when it does not answer at all; what one system does not tell is absent. */
export async function readFacts(exec: Exec): Promise<HostFacts> {
  const uname = exec.read(['uname', '-rm'], { timeoutMs: 10_000 })
  const text = (path: string) =>
    exec.readFile(path, { maxBytes: 64 * 1024 }).then(
      (bytes) => Buffer.from(bytes).toString(),
      () => '',
    )
  const [os, cpus, memory, system] = await Promise.all([
    text('/etc/os-release'),
    text('/sys/devices/system/cpu/online'),
    text('/proc/meminfo'),
    uname,
  ])
  const [kernel, arch] = system.trim().split(' ')
  return { kernel, arch, os: prettyName(os), cpus: cpus ? countCpus(cpus) : undefined, memoryBytes: memoryTotal(memory) }
}
