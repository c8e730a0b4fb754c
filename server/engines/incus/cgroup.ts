import { readMany } from '@/server/exec/read-many'
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

/** The files of a container's control group, whose name is LXC's (lxc.payload.NAME): version 2 and version 1. */
const filesOf = (name: string) => {
  const group = `lxc.payload.${name}`
  return {
    io: `${root}/${group}/io.stat`,
    blkio: `${root}/blkio/${group}/blkio.throttle.io_service_bytes_recursive`,
    memory: `${root}/${group}/memory.stat`,
    memory1: `${root}/memory/${group}/memory.stat`,
  }
}

function figures({ io, blkio, memory }: { io: string; blkio: string; memory: string }): Figures {
  return { ...(io ? readIoStat(io) : blkio ? readBlkio(blkio) : {}), memoryCacheBytes: readCache(memory) }
}

/**
 * What the daemon does not tell of a container: bytes read and written, and how much of its memory is page cache.
 * Empty where it cannot be read.
 */
export async function cgroupFigures(exec: Exec, name: string): Promise<Figures> {
  const text = async (...paths: string[]): Promise<string> => {
    for (const path of paths) {
      const bytes = await exec.readFile(path, { maxBytes: 65_536 }).catch(() => null)
      if (bytes) return Buffer.from(bytes).toString('utf8')
    }
    return ''
  }
  const files = filesOf(name)
  const [io, blkio, memory] = await Promise.all([text(files.io), text(files.blkio), text(files.memory, files.memory1)])
  return figures({ io, blkio, memory })
}

/** The same of many containers of another machine, in one command. */
export async function manyCgroupFigures(exec: Pick<Exec, 'run'>, names: string[]): Promise<Map<string, Figures>> {
  if (names.length === 0) return new Map()
  const found = await readMany(
    exec,
    names.flatMap((name) => Object.values(filesOf(name))),
  ).catch(() => new Map<string, string>())
  const text = (path: string) => found.get(path) ?? ''
  return new Map(
    names.map((name) => {
      const files = filesOf(name)
      return [name, figures({ io: text(files.io), blkio: text(files.blkio), memory: text(files.memory) || text(files.memory1) })]
    }),
  )
}
