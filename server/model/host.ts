import type { AcceleratorEvidence, EngineStatus } from './capability'

/** A machine that runs guests, as stored. Issue 3 widens `transport` to ssh. */
export type Host = {
  id: string
  name: string
  transport: 'local'
  /** virsh -c URI. `qemu:///system` unless somebody says otherwise; '' switches libvirt off on this host. */
  libvirtUri: string
  /** INCUS_DIR / LXD_DIR of the daemon; absent: the program's own default; '' switches Incus off on this host. */
  incusDir?: string
  accelerator?: AcceleratorEvidence
}

export type HostFigures = {
  cpus: number
  /** 0..1 of all processors */
  cpu: number
  memoryBytes: number
  memoryUsedBytes: number
  diskFreeBytes?: number
  diskBytes?: number
  load1: number
}

/** A host as pages see it. */
export type HostView = Host & {
  state: 'connecting' | 'up' | 'down'
  /** Why it is down. */
  cause?: string
  kernel?: string
  os?: string
  arch?: string
  engines: EngineStatus[]
  cpus?: number
  memoryBytes?: number
}
