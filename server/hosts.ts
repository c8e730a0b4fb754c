import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { z } from 'zod'
import type { Host as HostRow } from '../generated/prisma/client'
import type { Database } from './db/client'
import { AppError } from './errors'
import type { AcceleratorEvidence } from './model/capability'
import { becomes, type Host, type HostSettings } from './model/host'
import { sshSettings } from './model/host-input'
import type { Hosts } from './services'

const evidence: z.ZodType<AcceleratorEvidence> = z.object({
  kvm: z.enum(['boots', 'fails', 'absent']),
  why: z.string(),
  kernel: z.string(),
  qemu: z.string(),
  testedAt: z.number(),
})

/** A column of JSON; null when it is empty or holds another shape. */
function readJson<T>(text: string | null, shape: z.ZodType<T>): T | null {
  if (text === null) return null
  try {
    return shape.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** A way in that cannot be read must not become "this machine": commands meant for another would run here. */
const readWay = (row: HostRow): Pick<Host, 'transport' | 'ssh'> =>
  row.transport === 'local' ? { transport: 'local' } : { transport: 'ssh', ssh: readJson(row.ssh, sshSettings) ?? undefined }

const fromRow = (row: HostRow): Host => ({
  id: row.id,
  name: row.name,
  ...readWay(row),
  become: becomes.find((each) => each === row.become),
  libvirtUri: row.libvirtUri,
  incusDir: row.incusDir ?? undefined,
  cbsdWorkdir: row.cbsdWorkdir ?? undefined,
  // Evidence that cannot be read is no evidence: the test can be run again.
  accelerator: readJson(row.accelerator, evidence) ?? undefined,
})

const toRow = (host: HostSettings & Pick<Host, 'accelerator'>) => ({
  name: host.name,
  transport: host.transport,
  ssh: host.ssh ? JSON.stringify(host.ssh) : null,
  become: host.become ?? null,
  libvirtUri: host.libvirtUri,
  incusDir: host.incusDir ?? null,
  cbsdWorkdir: host.cbsdWorkdir ?? null,
  accelerator: host.accelerator ? JSON.stringify(host.accelerator) : null,
})

export type LocalDefaults = Pick<Host, 'libvirtUri' | 'incusDir'>

/**
 * Hosts as stored. The first is this machine, made at the first start from the environment's engine addresses.
 * `cbsdWorkdir`: CBSD's folder on this machine for this run, in place of the stored one, which is kept. Somebody who saves
 * another folder is believed from then on.
 */
export function createHosts({ db, cbsdWorkdir }: { db: Database; cbsdWorkdir?: string }): Hosts & {
  ensureLocal(defaults: LocalDefaults): Promise<void>
} {
  let forThisRun = cbsdWorkdir
  const overridden = (row: HostRow): boolean => row.id === 'local' && row.transport === 'local' && forThisRun !== undefined
  const read = (row: HostRow): Host => (overridden(row) ? { ...fromRow(row), cbsdWorkdir: forThisRun } : fromRow(row))

  async function demandFreeName(name: string, id?: string): Promise<void> {
    const other = await db.host.findUnique({ where: { name } })
    if (other && other.id !== id) throw new AppError('conflict', `There is a host named ${name} already`, 'name')
  }

  return {
    async ensureLocal(defaults) {
      if ((await db.host.count()) > 0) return
      const host: Host = { id: 'local', name: hostname(), transport: 'local', ...defaults }
      await db.host.create({ data: { id: host.id, createdAt: Date.now(), ...toRow(host) } })
    },
    async list() {
      return (await db.host.findMany({ orderBy: { createdAt: 'asc' } })).map(read)
    },
    async get(id) {
      const row = await db.host.findUnique({ where: { id } })
      if (!row) throw new AppError('not-found', 'There is no such host', 'id')
      return read(row)
    },
    async add(input) {
      await demandFreeName(input.name)
      const host: Host = { id: randomBytes(6).toString('hex'), ...input }
      await db.host.create({ data: { id: host.id, createdAt: Date.now(), ...toRow(host) } })
      return host
    },
    async save(host) {
      await demandFreeName(host.name, host.id)
      const row = await db.host.findUnique({ where: { id: host.id } })
      const data = toRow(host)
      if (row && overridden(row)) {
        if (host.transport === 'local' && host.cbsdWorkdir === forThisRun) data.cbsdWorkdir = row.cbsdWorkdir
        else forThisRun = undefined
      }
      const { count } = await db.host.updateMany({ where: { id: host.id }, data })
      if (count === 0) throw new AppError('not-found', 'There is no such host', 'id')
    },
    async remove(id) {
      const { count } = await db.host.deleteMany({ where: { id } })
      if (count === 0) throw new AppError('not-found', 'There is no such host', 'id')
    },
  }
}
