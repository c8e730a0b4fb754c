import type { Image } from './image'

export type NetworkChoice = { name: string; title: string; isDefault: boolean; active: boolean }
export type PoolChoice = { name: string; title: string; freeBytes?: number; totalBytes?: number }

/** What the create form of one engine on one host offers. */
export type Catalog = {
  images: Image[]
  networks: NetworkChoice[]
  pools: PoolChoice[]
  limits: { cpus: number; memoryBytes: number; memoryFreeBytes?: number }
}
