import type { Allowed } from './capability'
import type { Medium } from './guest'

/** A base system that jails are made of. `key`: platform/version/arch. */
export type Base = { key: string; platform: string; version: string; arch: string; present: boolean }

/** A task of the engine's own queue. `errcode`: the exit code, not the wait status. */
export type EngineTask = {
  id: number
  command: string
  owner: string
  guest?: string
  state: 'waiting' | 'running' | 'ended'
  exitCode?: number
  /** ms since 1970 */
  startedAt?: number
  endedAt?: number
  logFile?: string
}

/** Other machines that the engine itself knows, and may move guests to. `key`: its name. */
export type EngineNode = { key: string; address: string; online: boolean; seen?: string }

/** A finished export that can be imported again. `key`: its path. */
export type Archive = { key: string; sizeBytes: number; madeAt?: number }

/** What an engine knows of its host beyond guests: what the host page shows. */
export type EngineHostDetail = {
  /** Label to value, in the order to show. */
  facts: [label: string, value: string][]
  bases: Base[]
  media: Medium[]
  /** How many profiles there are of each kind. */
  profiles: { kind: string; count: number }[]
  tasks: EngineTask[]
  nodes: EngineNode[]
  archives: Archive[]
  /** Folders that failed creates left, by the name they would have had. */
  debris: { key: string; path: string }[]
  /** Whether use of resources is accounted; else how to turn it on. */
  accounting: Allowed
  /** Whether the engine tells Bailiwick of changes; `off` until an administrator agrees; `foreign`: another program is told. */
  hook: 'on' | 'off' | 'foreign'
}
