/** Counters of one guest as read from the host, all since its start; rates are made of two of them. */
export type Sample = {
  name: string
  /** ms since 1970, when the host was read */
  at: number
  /** nanoseconds of processor time used */
  cpuNs?: number
  memoryUsedBytes?: number
  /** Page cache inside the guest, where the engine tells: part of `memoryUsedBytes`. */
  memoryCacheBytes?: number
  diskReadBytes?: number
  diskWriteBytes?: number
  netRxBytes?: number
  netTxBytes?: number
  /** Where the engine tells rates in place of counters: used as they are. `cpu`: 0..1 of the guest's processors; the rest bytes per second. */
  rates?: { cpu?: number; diskRead?: number; diskWrite?: number; netRx?: number; netTx?: number }
}

/** One point of a graph. Rates are per second over the interval before `at`. null: not known (a gap). */
export type Point = {
  at: number
  /** 0..1 of the guest's processors (of all processors, for a host) */
  cpu: number | null
  memoryBytes: number | null
  memoryCacheBytes: number | null
  diskRead: number | null
  diskWrite: number | null
  netRx: number | null
  netTx: number | null
}

export const pointKeys = ['cpu', 'memoryBytes', 'memoryCacheBytes', 'diskRead', 'diskWrite', 'netRx', 'netTx'] as const

/**
 * The newest point of many guests, as rows so that a thousand stay small on the wire: id, then `pointKeys` in order.
 * Every frame has a row for each host and each running guest. One that stops, or cannot be read, gets one last row of
 * nulls, which breaks its line, and then none.
 */
export type LiveFrame = {
  at: number
  rows: [id: string, ...values: (number | null)[]][]
  /** With the first frame of a subscription: the processor before it, in whole percent, oldest first, for the small lines of a list. */
  past?: [id: string, ...percent: (number | null)[]][]
}

/** Points of a small line: three minutes at one per 5 s. */
export const sparkLength = 36
