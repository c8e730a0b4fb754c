import { ExecError } from './error'

type Flight<T> = { result: Promise<T>; started: boolean; callers: number; abort: AbortController }

/**
 * Equal reads share one process. Whoever asks before it has started shares it; whoever asks while it runs shares the
 * next one, which starts when it ends: an answer is never older than the question, and there is never more than one
 * process per question. A caller that gives up leaves the others alone; the process ends when all have.
 */
export function createSharing<T>() {
  const running = new Map<string, Flight<T>>()
  const next = new Map<string, Flight<T>>()

  function launch(key: string, work: (signal: AbortSignal, started: () => void) => Promise<T>): Flight<T> {
    const before = running.get(key)
    const abort = new AbortController()
    const flight: Flight<T> = { started: false, callers: 0, abort, result: Promise.resolve().then(go) }
    flight.result.catch(() => {})
    if (before) next.set(key, flight)
    else running.set(key, flight)
    return flight

    async function go(): Promise<T> {
      if (before) {
        await before.result.catch(() => {})
        if (next.get(key) === flight) next.delete(key)
        abort.signal.throwIfAborted()
        running.set(key, flight)
      }
      try {
        return await work(abort.signal, () => {
          flight.started = true
        })
      } finally {
        if (running.get(key) === flight) running.delete(key)
      }
    }
  }

  return function share(
    key: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal, started: () => void) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(new ExecError('The read was called off', { reason: 'aborted' }))
    const current = running.get(key)
    const open = current && !current.started && !current.abort.signal.aborted ? current : next.get(key)
    const flight = open && !open.abort.signal.aborted ? open : launch(key, work)
    flight.callers++
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        flight.callers--
        if (flight.callers === 0) flight.abort.abort()
        reject(new ExecError('The read was called off', { reason: 'aborted' }))
      }
      signal?.addEventListener('abort', leave, { once: true })
      flight.result.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave))
    })
  }
}
