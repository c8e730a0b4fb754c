import { useCallback, useSyncExternalStore } from 'react'
import { type Connection, client, getConnection, isSignedOut, onConnection } from '@/components/trpc'
import type { Picture } from '@/server/model/events'
import type { Guest } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { Image } from '@/server/model/image'
import type { JobSummary } from '@/server/model/job'
import { MetricStore } from './metrics'
import { LiveStore, type Topic } from './store'

/** One page has one picture. Filled in the browser only: on the server it stays empty. */
export const live = new LiveStore()
export const metrics = new MetricStore()

let started = false
let stop: () => void = () => {}

async function open(): Promise<void> {
  stop()
  let picture: Picture
  try {
    picture = await client.events.picture.query()
  } catch (error) {
    if (isSignedOut(error)) return location.replace(`/login?next=${encodeURIComponent(location.pathname + location.search)}`)
    live.fail(error)
    // The server may be starting again: try until it answers.
    setTimeout(open, 2000)
    return
  }
  live.load(picture)
  const subscription = client.events.stream.subscribe(
    { lastEventId: String(picture.seq) },
    {
      onData: ({ data }) => {
        if (data.type === 'reset') void open()
        else live.apply(data)
      },
      onError: (error) => {
        if (isSignedOut(error)) location.replace('/login')
        else setTimeout(open, 2000)
      },
    },
  )
  stop = () => subscription.unsubscribe()
}

/** Starts the one picture and its two subscriptions. Safe to call more than once. */
export function startLive(): void {
  if (started) return
  started = true
  void open()
  const watch = () => {
    client.metrics.live.subscribe({}, { onData: (frame) => metrics.push(frame), onError: () => setTimeout(watch, 5000) })
  }
  watch()
}

/** The picture again, from the beginning. */
export const reload = (): void => void open()

const none: never[] = []
const nothing = () => undefined

function useTopic<T>(topic: Topic, get: () => T, onServer: () => T): T {
  const subscribe = useCallback((listener: () => void) => live.subscribe(topic, listener), [topic])
  return useSyncExternalStore(subscribe, get, onServer)
}

export const usePhase = () =>
  useTopic(
    'phase',
    () => live.phase,
    () => 'loading' as const,
  )
export const useUserName = () =>
  useTopic(
    'phase',
    () => live.userName,
    () => '',
  )
export const useGuests = (): Guest[] => useTopic('guests', live.guests, () => none)
export const useComing = (): readonly JobSummary[] => useTopic('coming', live.coming, () => none)
export const useHosts = (): HostView[] => useTopic('hosts', live.hosts, () => none)
export const useJobs = (): JobSummary[] => useTopic('jobs', live.jobs, () => none)
export const useImages = (): Image[] => useTopic('images', live.images, () => none)
export const useGuest = (id: string): Guest | undefined => useTopic(`guest:${id}`, () => live.guest(id), nothing)
export const useJob = (id: string): JobSummary | undefined => useTopic(`job:${id}`, () => live.job(id), nothing)
export const useActiveJob = (guestId: string): JobSummary | undefined =>
  useTopic(`guest:${guestId}`, () => live.activeJob(guestId), nothing)
export const useConnection = (): Connection => useSyncExternalStore(onConnection, getConnection, () => 'connecting' as const)

export const useHost = (id: string): HostView | undefined => useHosts().find((host) => host.id === id)

/** What an engine on a host can do, or undefined while it does not answer. */
export function engineInfo(host: HostView | undefined, kind: Guest['engine']) {
  const status = host?.engines.find((engine) => engine.kind === kind)
  return status?.state === 'ready' ? status.info : undefined
}

export function useEngineInfo(guest: Guest | undefined) {
  const host = useHost(guest?.host ?? '')
  return guest ? engineInfo(host, guest.engine) : undefined
}
