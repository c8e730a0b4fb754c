import type { EngineInfo } from '@/server/model/capability'
import type { Catalog } from '@/server/model/catalog'
import type { Guest, GuestDetail, Snapshot } from '@/server/model/guest'
import type { Host } from '@/server/model/host'
import type { EngineHostDetail } from '@/server/model/host-detail'
import type { EngineContext } from '../types'

/** A row of one of CBSD's tables by column. Versions add, rename and drop columns: ask with `text`, `integer` and `flag` of row.ts. */
export type Row = Readonly<Record<string, string | number | null>>

/** What manages a guest, as the column `emulator` says; foreign jails ("qemu-riscv64-static") and Linux jails are `jail`. */
export const hypervisors = ['bhyve', 'qemu', 'xen', 'virtualbox'] as const
export type Hypervisor = (typeof hypervisors)[number]

/** The machine as CBSD itself describes it, read with every list. */
export type Node = {
  /** The absolute working directory. */
  workdir: string
  nodename: string
  /** CBSD's version, "14.1.3a". */
  version: string
  /** "FreeBSD", "Linux" …: CBSD's own word. */
  platform: string
  /** Commands run as root without help. */
  root: boolean
  /** Its guests lie on ZFS: snapshots and growing disks work. */
  zfs: boolean
  /** Whether use of resources is accounted (RACCT). */
  racct: boolean
  /** The row of table `local`: for whatever else is asked of it. */
  local: Row
}

/** One CBSD on one host. */
export type CbsdHost = { host: Host; context: EngineContext; info: EngineInfo; node: Node }

type Common = {
  name: string
  /** The row of table `jails`, which all engines share. */
  row: Row
  /** The jail's id, or the process that is the VM; 0: it does not run. As the system says, not as the database says. */
  alive: number
  guest: Guest
}
export type Jail = Common & { kind: 'jail' /** Linux, or another instruction set. */; flavour: 'FreeBSD' | 'Linux' | 'foreign' }
export type Vm = Common & {
  kind: 'vm'
  engine: Hypervisor
  /** The one row of its own database's table `settings`: the truth about a VM. Empty where that database cannot be read. */
  settings: Row
}
export type Found = Jail | Vm

/** The letter its commands begin with: jstart, bstart, qstart, xstart, vstart. */
export const letterOf = (found: Found): 'j' | 'b' | 'q' | 'x' | 'v' =>
  found.kind === 'jail' ? 'j' : ({ bhyve: 'b', qemu: 'q', xen: 'x', virtualbox: 'v' } as const)[found.engine]

/**
 * What planning may know: everything is read already, or is read when asked for. Never changes anything.
 * `planCbsd(operation: Operation, known: Known): Promise<Plan>` is in plan.ts; every argv comes from argv.ts.
 */
export type Known = {
  cbsd: CbsdHost
  /** Every guest of this node, also those that are hidden. */
  guests: readonly Found[]
  /** Disks, shares, forwards, settings …; rejects with `not-found`. */
  detail(name: string): Promise<GuestDetail>
  snapshots(name: string): Promise<Snapshot[]>
  /** Profiles, releases, flavours: cached, for they take seconds. */
  catalog(): Promise<Catalog>
  /** Bases, media, archives, debris, nodes, hook. */
  hostDetail(): Promise<EngineHostDetail>
}

/** Where CBSD's queue hook writes and lies, under the working directory: what hook.install makes and watch.ts follows. */
export const hookPaths = (workdir: string) => ({
  /** One line per call: the arguments as they came. */
  log: `${workdir}/var/db/bailiwick-events.log`,
  /** The executable that CBSD calls. */
  script: `${workdir}/etc/bailiwick-queue.sh`,
  /** `cbsd_queue_backend=…`; whose it is tells `on` from `foreign`. */
  config: `${workdir}/etc/cbsd_queue.conf`,
  /** `mod_cbsd_queue_enabled="YES"` */
  inventory: `${workdir}/nc.inventory`,
})
