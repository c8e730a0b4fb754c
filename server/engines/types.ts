import type { Exec } from '@/server/exec/types'
import type { EngineInfo, EngineStatus } from '@/server/model/capability'
import type { Catalog } from '@/server/model/catalog'
import type { ConsoleTarget } from '@/server/model/console'
import type { ConsoleKind, EngineKind, Guest, GuestDetail, GuestState, Snapshot } from '@/server/model/guest'
import type { Become, Host } from '@/server/model/host'
import type { EngineHostDetail } from '@/server/model/host-detail'
import type { Image } from '@/server/model/image'
import type { Sample } from '@/server/model/metrics'
import type { Operation } from '@/server/model/operation'
import type { Argv, Plan } from '@/server/model/plan'

/**
 * "Look again": at one guest, or at all of them when there is no name. `state`: where the host says with the event itself
 * how the guest is now; it is shown at once, and read all the same. `rebooted`: it began anew, which its state does not tell.
 */
export type HostEvent = { name?: string; what: string; state?: GuestState; rebooted?: true }

/** What an engine needs from its surroundings, given when opened. Engines import no database, bus, job or other engine. */
export type EngineContext = {
  exec: Exec
  /** Images present on the host, as they are now. */
  images: () => Image[]
  /** Folder on the host for disks, seeds and serial logs of guests made by Bailiwick. */
  guestsDir: string
  /** How commands that need root get it here; an engine puts it before those commands and no others. */
  become: Become
}

/** A command, and the environment that is added to its clean one. */
export type Command = { argv: Argv; env?: Record<string, string> }

/**
 * Commands that list, read and write files of one guest, each by its absolute path there. They run in the guest, so that links, names
 * and rights are the guest's own: nothing of the guest ever becomes a path of the host. What they print is said in
 * `guest-files.ts`. A command that refuses ends with another code than 0 and says why on its error output, last line last.
 */
export type FilesTarget = {
  /** Prints the folder in the form that `parseFolder` reads. */
  list: (path: string) => Command
  /** Prints a line with the size in bytes, then so many bytes. `sizeOnly`: the line alone. */
  read: (path: string, options?: { sizeOnly?: boolean }) => Command
  /**
   * Takes `sizeBytes` bytes from its input and makes them the file, whole or not at all; `draft` is a random word for the file beside it. With `replace` it takes the place of a file, of whom it keeps owner and mode.
   */
  write: (path: string, file: { sizeBytes: number; replace: boolean; draft: string }) => Command & { undo?: Argv }
  /** What a person should know before writing, in words. */
  warnings?: string[]
}

/** One object per kind, without state. */
export interface Engine {
  readonly kind: EngineKind
  /** Reads whether the engine is here and what it can do. Never rejects: a fault is `broken` with its cause. */
  probe(host: Host, context: EngineContext, signal: AbortSignal): Promise<EngineStatus>
  open(host: Host, context: EngineContext, info: EngineInfo): EngineHost
}

/** One engine on one host: a reader and a planner. It never changes anything itself. */
export interface EngineHost {
  readonly info: EngineInfo
  /** What `watch` tells is not all that happens: it is polled as well, as if there were none. */
  readonly alsoPoll?: boolean
  /** Every guest, in one or two commands. */
  list(signal: AbortSignal): Promise<Guest[]>
  /** One guest of the list, or null when it is gone: what an event asks for. */
  get(name: string, signal: AbortSignal): Promise<Guest | null>
  inspect(name: string, signal: AbortSignal): Promise<GuestDetail>
  /** Reads only. Rejects with `AppError('refused', reason)` for what the engine or the guest cannot do. */
  plan(operation: Operation, signal: AbortSignal): Promise<Plan>
  console(name: string, kind: ConsoleKind, signal: AbortSignal): Promise<ConsoleTarget>
  /** The way to the files of a running guest. Absent: this engine has none. Rejects with `AppError('refused', reason)` for guests without. */
  files?(name: string, signal: AbortSignal): Promise<FilesTarget>
  catalog(signal: AbortSignal): Promise<Catalog>
  snapshots(name: string, signal: AbortSignal): Promise<Snapshot[]>
  /** What the host page shows of this engine. */
  hostDetail?(signal: AbortSignal): Promise<EngineHostDetail>
  /** Counters of every running guest, one command. */
  sample?(signal: AbortSignal): Promise<Sample[]>
  /** Ends when the signal aborts; rejects when the source fails. Without it the poller polls. */
  watch?(signal: AbortSignal): AsyncIterable<HostEvent>
}
