import { useEffect, useRef, useState } from 'react'
import { typeMessages as m } from './type-messages'
import { type Piece, type TypePort, typeOut } from './type-out'

export type Typing = { state: 'idle' | 'typing'; done: number; all: number; error: string }

/** Types pieces into a port, tells how far it is, and can be stopped; leaving the page stops it as well. */
export function useTypeOut(port: TypePort) {
  const [typing, setTyping] = useState<Typing>({ state: 'idle', done: 0, all: 0, error: '' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const start = async (pieces: Piece[], rate: number, hidden: boolean): Promise<boolean> => {
    const abort = new AbortController()
    running.current = abort
    const all = pieces.length
    let done = 0
    setTyping({ state: 'typing', done, all, error: '' })
    const onProgress = (now: number) => {
      done = now
      setTyping({ state: 'typing', done, all, error: '' })
    }
    try {
      await typeOut(pieces, port, { rate, signal: abort.signal, hidden, onProgress })
      setTyping({ state: 'idle', done, all, error: '' })
      return true
    } catch (error) {
      const why = abort.signal.aborted ? '' : ` ${error instanceof Error ? error.message : ''}`
      setTyping({ state: 'idle', done, all, error: `${m.stopped(done, all)}${why}` })
      return false
    }
  }
  return { typing, start, stop: () => running.current?.abort() }
}
