import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { z } from 'zod'
import type { Host as HostRow } from '../generated/prisma/client'
import type { Database } from './db/client'
import { AppError } from './errors'
import type { AcceleratorEvidence } from './model/capability'
import type { Host } from './model/host'
import type { Hosts } from './services'

const evidence: z.ZodType<AcceleratorEvidence> = z.object({
  kvm: z.enum(['boots', 'fails', 'absent']),
  why: z.string(),
  kernel: z.string(),
  qemu: z.string(),
  testedAt: z.number(),
})

/** Evidence that cannot be read is no evidence: the test can be run again. */
function readEvidence(text: string | null): AcceleratorEvidence | undefined {
  if (text === null) return undefined
  try {
    return evidence.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

const fromRow = (row: HostRow): Host => ({
  id: row.id,
  name: row.name,
  transport: 'local',
  libvirtUri: row.libvirtUri,
  incusDir: row.incusDir ?? undefined,
  accelerator: readEvidence(row.accelerator),
})

const toRow = (host: Host) => ({
  name: host.name,
  transport: host.transport,
  libvirtUri: host.libvirtUri,
  incusDir: host.incusDir ?? null,
  accelerator: host.accelerator ? JSON.stringify(host.accelerator) : null,
})

/** Hosts as stored. The first is this machine, made at the first start from the environment's engine addresses. */
export function createHosts({ db }: { db: Database }): Hosts & {
  ensureLocal(defaults: { libvirtUri: string; incusDir?: string }): Promise<void>
} {
  return {
    async ensureLocal(defaults) {
      if ((await db.host.count()) > 0) return
      const host: Host = { id: 'local', name: hostname(), transport: 'local', ...defaults }
      await db.host.create({ data: { id: host.id, createdAt: Date.now(), ...toRow(host) } })
    },
    async list() {
      return (await db.host.findMany({ orderBy: { createdAt: 'asc' } })).map(fromRow)
    },
    async add(input) {
      const host: Host = { id: randomBytes(6).toString('hex'), transport: 'local', ...input }
      if (await db.host.findUnique({ where: { name: host.name } }))
        throw new AppError('conflict', `There is a host named ${host.name} already`, 'name')
      await db.host.create({ data: { id: host.id, createdAt: Date.now(), ...toRow(host) } })
      return host
    },
    async save(host) {
      const { count } = await db.host.updateMany({ where: { id: host.id }, data: toRow(host) })
      if (count === 0) throw new AppError('not-found', 'There is no such host', 'id')
    },
    async remove(id) {
      const { count } = await db.host.deleteMany({ where: { id } })
      if (count === 0) throw new AppError('not-found', 'There is no such host', 'id')
    },
  }
}
