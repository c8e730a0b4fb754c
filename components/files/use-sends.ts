import { useCallback, useRef, useState } from 'react'
import { type Stage, sendToGuest } from './send-to-guest'

export type Send = { key: number; name: string; size: number; folder: string; stage: Stage }

/** The uploads of a page: one is sent at a time, the rest wait; writing in the guest goes on beside the next. */
export function useSends(id: string) {
  const [sends, setSends] = useState<Send[]>([])
  const next = useRef(1)
  const line = useRef<Promise<void>>(Promise.resolve())
  const aborts = useRef(new Map<number, AbortController>())

  const remove = useCallback((key: number) => {
    aborts.current.get(key)?.abort()
    aborts.current.delete(key)
    setSends((list) => list.filter((each) => each.key !== key))
  }, [])
  const add = useCallback(
    (file: File, folder: string, replace: boolean) => {
      const key = next.current++
      const abort = new AbortController()
      aborts.current.set(key, abort)
      setSends((list) => [...list, { key, name: file.name, size: file.size, folder, stage: { at: 'waiting' } }])
      const onStage = (stage: Stage) => setSends((list) => list.map((each) => (each.key === key ? { ...each, stage } : each)))
      line.current = line.current.then(() =>
        abort.signal.aborted ? undefined : sendToGuest({ id, file, folder, replace, signal: abort.signal, onStage }),
      )
    },
    [id],
  )
  return { sends, add, remove }
}
