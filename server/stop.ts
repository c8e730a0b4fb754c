import type { Jobs } from './services'

export type StopNeeds = {
  /** Ends everything; resolves when nothing is left to do. */
  close(): Promise<void>
  jobs: Pick<Jobs, 'list'>
  say(text: string): void
  exit(code: number): void
  onError(error: unknown): void
  /** ms until it says what it waits for, and until it waits no more. `npm start` ends the process after 20 s. */
  sayAfterMs?: number
  waitMs?: number
}

/** What a signal calls: the first call ends the server in order, jobs undo what they began; the second ends it at once. */
export function createStop(needs: StopNeeds): () => Promise<void> {
  const { close, jobs, say, exit, onError, sayAfterMs = 1500, waitMs = 15_000 } = needs
  let stopping = false

  async function sayWhy(): Promise<void> {
    const left = await jobs.list({ states: ['running'], limit: 10 })
    if (left.length === 0) return
    const titles = left.map(({ title }) => title).join(', ')
    say(`Waiting up to ${Math.round(waitMs / 1000)} s for jobs to undo what they began: ${titles}. Ctrl-C ends at once.`)
  }

  return async () => {
    if (stopping) return exit(1)
    stopping = true
    say('Stopping. Press Ctrl-C again to end at once.')
    const soon = setTimeout(() => void sayWhy().catch(onError), sayAfterMs)
    let late: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      late = setTimeout(() => {
        say('Not everything ended in time. Jobs that were still running will show as interrupted.')
        resolve()
      }, waitMs)
    })
    try {
      await Promise.race([close(), enough])
    } catch (error) {
      onError(error)
    }
    clearTimeout(soon)
    clearTimeout(late)
    exit(0)
  }
}
