import type { Guest } from './guest'
import type { HostView } from './host'
import type { Image } from './image'
import type { JobSummary } from './job'

/** What the one subscription carries. An event holds the new object, never "look again". */
export type AppEvent =
  | { type: 'guest'; guest: Guest }
  | { type: 'guest.removed'; id: string }
  /** It began anew without stopping: from within, or by somebody else's command. */
  | { type: 'guest.rebooted'; id: string }
  | { type: 'host'; host: HostView }
  | { type: 'host.removed'; id: string }
  | { type: 'job'; job: JobSummary }
  | { type: 'image'; image: Image }
  | { type: 'image.removed'; host: string; id: string }
  /** The client was away too long: fetch the picture again. */
  | { type: 'reset' }

/** The whole picture at one sequence number; the subscription goes on from there. */
export type Picture = {
  seq: number
  hosts: HostView[]
  guests: Guest[]
  images: Image[]
  jobs: JobSummary[]
  user: { id: string; name: string }
}
