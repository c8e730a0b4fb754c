import { useCallback, useRef, useState } from 'react'
import { type Stage, sendToGuest } from './send-to-guest'

export type Send = { key: number; name: string; size: number; folder: string; stage: Stage }

/** The uploads of a page: one is sent at a time, the rest wait; writing in the guest goes on beside the next. */
export function useSends(id: string) {
  const [sends, setSends] = useState<Send[]>([])
  const next = useRef(1)
  const line = useRef<Promise<void>>(Promise.resolve())
  const aborts = useRef(new Map<number, AbortController>())

  /** Stops one that is on its way to the server; takes from the list one that is over. */
  const drop = useCallback((key: number) => {
    aborts.current.get(key)?.abort()
    aborts.current.delete(key)
    const stopped = (each: Send): Send[] =>
      each.stage.at === 'waiting' || each.stage.at === 'sending' ? [{ ...each, stage: { at: 'stopped' } }] : []
    setSends((list) => list.flatMap((each) => (each.key === key ? stopped(each) : [each])))
  }, [])
  const add = useCallback(
    (file: File, folder: string, replace: boolean) => {
      const key = next.current++
      const abort = new AbortController()
      aborts.current.set(key, abort)
      setSends((list) => [...list, { key, name: file.name, size: file.size, folder, stage: { at: 'waiting' } }])
      const onStage = (stage: Stage) => {
        if (abort.signal.aborted && stage.at === 'sending') return
        setSends((list) => list.map((each) => (each.key === key ? { ...each, stage } : each)))
      }
      line.current = line.current.then(() =>
        abort.signal.aborted ? undefined : sendToGuest({ id, file, folder, replace, signal: abort.signal, onStage }),
      )
    },
    [id],
  )
  return { sends, add, drop }
}
