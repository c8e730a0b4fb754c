import type { Exec } from '@/server/exec/types'

export type Figures = { diskReadBytes?: number; diskWriteBytes?: number; memoryCacheBytes?: number }

const root = '/sys/fs/cgroup'

/** Sums over devices of cgroup v2's io.stat: "259:0 rbytes=90112 wbytes=0 …". */
export function readIoStat(text: string): { diskReadBytes: number; diskWriteBytes: number } {
  const sum = (key: string) => [...text.matchAll(new RegExp(`\\b${key}=(\\d+)`, 'g'))].reduce((total, match) => total + Number(match[1]), 0)
  return { diskReadBytes: sum('rbytes'), diskWriteBytes: sum('wbytes') }
}

/** Sums over devices of cgroup v1's blkio.throttle.io_service_bytes_recursive: "259:0 Read 90112". */
export function readBlkio(text: string): { diskReadBytes: number; diskWriteBytes: number } {
  const sum = (key: string) =>
    [...text.matchAll(new RegExp(`^\\d+:\\d+ ${key} (\\d+)$`, 'gm'))].reduce((total, match) => total + Number(match[1]), 0)
  return { diskReadBytes: sum('Read'), diskWriteBytes: sum('Write') }
}

/** The page cache in a memory.stat: `file` in v2, `total_cache` in v1. */
export function readCache(text: string): number | undefined {
  const match = /^(?:file|total_cache) (\d+)$/m.exec(text)
  return match ? Number(match[1]) : undefined
}

/**
 * What the daemon does not tell of a container: bytes read and written, and how much of its memory is page cache.
 * Read from the container's control group, whose name is LXC's (lxc.payload.NAME). Empty where it cannot be read.
 */
export async function cgroupFigures(exec: Exec, name: string): Promise<Figures> {
  const group = `lxc.payload.${name}`
  const text = async (...paths: string[]): Promise<string> => {
    for (const path of paths) {
      const bytes = await exec.readFile(path, { maxBytes: 65_536 }).catch(() => null)
      if (bytes) return Buffer.from(bytes).toString('utf8')
    }
    return ''
  }
  const [io, blkio, memory] = await Promise.all([
    text(`${root}/${group}/io.stat`),
    text(`${root}/blkio/${group}/blkio.throttle.io_service_bytes_recursive`),
    text(`${root}/${group}/memory.stat`, `${root}/memory/${group}/memory.stat`),
  ])
  return { ...(io ? readIoStat(io) : blkio ? readBlkio(blkio) : {}), memoryCacheBytes: readCache(memory) }
}
