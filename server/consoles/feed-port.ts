import type { Exec } from '../exec/types'
import type { ConsoleTarget } from '../model/console'
import type { LogPlace, Past } from './kept-folder'
import type { ConsoleLimits } from './limits'
import type { Standing } from './of'

export type FeedState = { state: 'attached' | 'waiting' | 'ended'; text: string }

export type FeedPort = {
  kind: 'serial' | 'shell'
  limits: ConsoleLimits
  /** The guest or host as it is now, or nothing when it is gone. */
  standing(): Standing | undefined
  target(signal: AbortSignal): Promise<ConsoleTarget>
  exec(): Exec
  size(): { cols: number; rows: number }
  /** `ours`: a line of ours, not the guest's. */
  onBytes(bytes: Uint8Array, ours: boolean): void
  /** Where in the guest's log the last of its bytes ends. */
  onPlace(place: LogPlace): void
  onState(state: FeedState): void
  /** The guest's own last bytes of an earlier run of the server, where there was one. */
  past?: Pick<Past, 'tail' | 'place'>
}
