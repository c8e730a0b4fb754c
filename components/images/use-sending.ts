import { useRef, useState } from 'react'
import { type Sending, sendFile } from './send-file'

/** `rate`: bytes per second since it began. */
export type Progress = Sending & { rate: number; done: boolean; total: number }

/** Sends a file, then does with its upload what it is for. `error`: why it failed; null when it was `stopped`. */
export function useSending() {
  const [progress, setProgress] = useState<Progress | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [stopped, setStopped] = useState(false)
  const abort = useRef<AbortController | null>(null)
  /** Resolves with whether all of it went well. */
  async function send(
    file: File,
    where: { host: string; sha256?: string; medium?: boolean },
    then: (upload: string) => Promise<unknown>,
  ): Promise<boolean> {
    const controller = new AbortController()
    abort.current = controller
    setError(null)
    setStopped(false)
    const began = Date.now()
    let first: number | null = null
    const onProgress = (sending: Sending) => {
      first ??= sending.received
      const rate = ((sending.received - first) / Math.max(1, Date.now() - began)) * 1000
      setProgress({ ...sending, rate, done: sending.received === file.size, total: file.size })
    }
    try {
      await then(await sendFile({ ...where, file, signal: controller.signal, onProgress }))
      return true
    } catch (failure) {
      if (controller.signal.aborted) setStopped(true)
      else setError(failure)
      return false
    } finally {
      setProgress(null)
      abort.current = null
    }
  }
  const forget = () => {
    setError(null)
    setStopped(false)
  }
  return { progress, error, stopped, send, stop: () => abort.current?.abort(), forget }
}
