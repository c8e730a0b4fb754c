import type { AppEvent, Picture } from '@/server/model/events'
import type { Guest } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { Image } from '@/server/model/image'
import type { JobSummary } from '@/server/model/job'

export type Phase = 'loading' | 'ready' | 'failed'
/** A list topic, or one object: `guest:<id>`, `job:<id>`. */
export type Topic = 'phase' | 'guests' | 'coming' | 'hosts' | 'jobs' | 'images' | `guest:${string}` | `job:${string}`

const jobsKept = 200
/** The guests that a job is about: what it works on, and what it makes. One that only brings a file keeps nothing else from being done. */
const touched = (job: JobSummary): string[] => (job.kind === 'file.push' ? [] : [job.guest, job.makes].filter((id) => id !== undefined))

/** The id of the guest that a job makes and that is not there before it ends; undefined for other jobs. */
export const comingId = (job: JobSummary): string | undefined =>
  job.kind === 'create' || job.kind === 'import' ? job.guest : job.kind === 'clone' ? job.makes : undefined

export const isActive = (job: JobSummary): boolean => job.state === 'running' || job.state === 'queued'

/**
 * The picture of all hosts as this page knows it. It is filled once and then kept true by events;
 * listeners of one guest hear of that guest only, so that one change draws one row.
 */
export class LiveStore {
  phase: Phase = 'loading'
  error: unknown = null
  userName = ''
  readonly #guests = new Map<string, Guest>()
  readonly #jobs = new Map<string, JobSummary>()
  readonly #hosts = new Map<string, HostView>()
  readonly #images = new Map<string, Image>()
  readonly #active = new Map<string, JobSummary>()
  #coming: readonly JobSummary[] = []
  readonly #listeners = new Map<Topic, Set<() => void>>()
  readonly #lists: { guests?: Guest[]; hosts?: HostView[]; jobs?: JobSummary[]; images?: Image[] } = {}

  subscribe(topic: Topic, listener: () => void): () => void {
    const set = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, set)
    set.add(listener)
    return () => {
      set.delete(listener)
      if (set.size === 0 && this.#listeners.get(topic) === set) this.#listeners.delete(topic)
    }
  }

  guest = (id: string): Guest | undefined => this.#guests.get(id)
  job = (id: string): JobSummary | undefined => this.#jobs.get(id)
  /** The job under way about a guest, if there is one. */
  activeJob = (guestId: string): JobSummary | undefined => this.#active.get(guestId)
  /** Jobs that make a guest which is not there yet: the list shows them in its place. */
  coming = (): readonly JobSummary[] => this.#coming
  guests = (): Guest[] => (this.#lists.guests ??= [...this.#guests.values()])
  hosts = (): HostView[] => (this.#lists.hosts ??= [...this.#hosts.values()])
  images = (): Image[] => (this.#lists.images ??= [...this.#images.values()])
  /** Newest first. */
  jobs = (): JobSummary[] => (this.#lists.jobs ??= [...this.#jobs.values()].sort((a, b) => b.createdAt - a.createdAt))

  load(picture: Picture): void {
    const topics = new Set<Topic>(['phase', 'guests', 'hosts', 'jobs', 'images'])
    for (const id of this.#guests.keys()) topics.add(`guest:${id}`)
    for (const id of this.#jobs.keys()) topics.add(`job:${id}`)
    this.#guests.clear()
    this.#hosts.clear()
    this.#images.clear()
    this.#active.clear()
    for (const guest of picture.guests) this.#guests.set(guest.id, guest)
    for (const host of picture.hosts) this.#hosts.set(host.id, host)
    for (const image of picture.images) this.#images.set(`${image.host}~${image.id}`, image)
    for (const job of picture.jobs) this.#jobs.set(job.id, job)
    for (const job of this.#jobs.values()) if (isActive(job)) for (const id of touched(job)) this.#active.set(id, job)
    for (const id of this.#guests.keys()) topics.add(`guest:${id}`)
    for (const id of this.#jobs.keys()) topics.add(`job:${id}`)
    this.userName = picture.user.name
    this.phase = 'ready'
    this.error = null
    this.#emit(...topics)
  }

  fail(error: unknown): void {
    this.error = error
    if (this.phase !== 'ready') this.phase = 'failed'
    this.#emit('phase')
  }

  /** Applies one event. `reset` is for the connection: it fetches the picture again. */
  apply(event: AppEvent): void {
    switch (event.type) {
      case 'guest':
        this.#guests.set(event.guest.id, event.guest)
        this.#emit('guests', `guest:${event.guest.id}`)
        return
      case 'guest.removed':
        if (this.#guests.delete(event.id)) this.#emit('guests', `guest:${event.id}`)
        return
      case 'host':
        this.#hosts.set(event.host.id, event.host)
        this.#emit('hosts')
        return
      case 'host.removed': {
        this.#hosts.delete(event.id)
        const gone = [...this.#guests.values()].filter((guest) => guest.host === event.id)
        for (const guest of gone) this.#guests.delete(guest.id)
        this.#emit('hosts', 'guests', ...gone.map((guest): Topic => `guest:${guest.id}`))
        return
      }
      case 'job':
        this.putJob(event.job)
        return
      case 'image':
        this.#images.set(`${event.image.host}~${event.image.id}`, event.image)
        this.#emit('images')
        return
      case 'image.removed':
        if (this.#images.delete(`${event.host}~${event.id}`)) this.#emit('images')
        return
      case 'reset':
        return
    }
  }

  /** Takes a job from an event or from the answer that started it. An ended job never comes back to life. */
  putJob(job: JobSummary): void {
    const known = this.#jobs.get(job.id)
    if (known && !isActive(known) && isActive(job)) return
    this.#jobs.set(job.id, job)
    if (this.#jobs.size > jobsKept) for (const old of this.jobs().slice(jobsKept)) this.#jobs.delete(old.id)
    const guests = new Set(touched(job))
    // A rename that is done is about the new name; the old one must not stay busy.
    for (const [id, active] of this.#active) {
      if (active.id !== job.id) continue
      this.#active.delete(id)
      guests.add(id)
    }
    if (isActive(job)) for (const id of guests) this.#active.set(id, job)
    this.#emit('jobs', `job:${job.id}`, ...[...guests].map((id): Topic => `guest:${id}`))
  }

  /** Looks anew at which guests are being made; true when that changed. */
  #comingChanged(): boolean {
    const next = [...new Set(this.#active.values())].filter((job) => {
      const id = comingId(job)
      return id !== undefined && !this.#guests.has(id)
    })
    const same = next.length === this.#coming.length && next.every((job, index) => job.id === this.#coming[index]?.id)
    if (!same) this.#coming = next
    return !same
  }

  #emit(...topics: Topic[]): void {
    if ((topics.includes('guests') || topics.includes('jobs')) && this.#comingChanged()) topics.push('coming')
    for (const topic of topics) {
      if (topic === 'guests' || topic === 'hosts' || topic === 'jobs' || topic === 'images') this.#lists[topic] = undefined
    }
    for (const topic of topics) for (const listener of this.#listeners.get(topic) ?? []) listener()
  }
}
