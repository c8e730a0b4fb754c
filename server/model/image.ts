import type { Arch } from './guest'

/** `kernel`: booted directly (Tiny Linux); `disk`: qcow2 or raw; `iso`: a CD; `container`: a root file system for Incus. */
export const imageKinds = ['kernel', 'disk', 'iso', 'container'] as const
export type ImageKind = (typeof imageKinds)[number]

/** Something a guest can be made from, present on a host. */
export type Image = {
  /** Also its folder or file name: ^[a-z0-9][a-z0-9._-]{0,99}$ */
  id: string
  host: string
  title: string
  kind: ImageKind
  arch: Arch
  os?: string
  /** Absolute paths on the host. `disk`: the qcow2/raw or ISO; `kernel`/`initrd`: for direct boot; `alias`: the Incus alias. */
  files: { disk?: string; kernel?: string; initrd?: string; alias?: string }
  format?: 'qcow2' | 'raw' | 'iso'
  sizeBytes: number
  /** The size a guest sees, for disks. */
  virtualBytes?: number
  /** Whether cloud-init in it applies host name, user and key. */
  cloudInit: boolean
  /** What a guest of it needs at least, and what suits it. */
  minMemoryBytes?: number
  defaultMemoryBytes?: number
  defaultDiskBytes?: number
  createdAt: number
  source: 'built' | 'upload' | 'url'
  sha256?: string
}
