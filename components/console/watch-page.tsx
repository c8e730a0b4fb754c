'use client'
import { useParams } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'
import { lazily } from '@/components/ui/lazily'
import './console.css'
import { watchMessages } from './people-messages'
import { askWatched, type WatchAnswer } from './watch-call'

const m = watchMessages.page
const loading = <p className="text-muted">{m.loading}</p>
const WatchTerminal = lazily(() => import('./watch-terminal').then((module) => module.default), loading)
const WatchScreen = lazily(() => import('./watch-screen').then((module) => module.default), loading)

/** What the holder of a watch link sees: one console, read-only, until the link ends. No session, no procedures. */
export function WatchPage() {
  const { token = '' } = useParams<{ token: string }>()
  const [answer, setAnswer] = useState<WatchAnswer | null>(null)
  /** Why the console that was on the glass is no more. */
  const [over, setOver] = useState<string | null>(null)
  const ask = useCallback(async () => setAnswer(await askWatched(token)), [token])
  useEffect(() => void ask(), [ask])
  const end = useCallback(
    async (words: string) => {
      // The socket's words, or better ones where the link itself has ended.
      const now = await askWatched(token)
      setOver(now.state === 'ended' ? now.words : words || m.noServer)
    },
    [token],
  )

  if (!answer) return <p className="p-4 text-muted">{m.loading}</p>
  if (answer.state !== 'good')
    return (
      <section className="mx-auto grid max-w-[520px] gap-2 p-6" aria-label={m.title}>
        <h1 className="text-lg">{answer.state === 'ended' ? m.ended : m.title}</h1>
        <p role="status">{answer.words || m.noServer}</p>
        {answer.state === 'away' && (
          <button type="button" className="console-button justify-self-start" onClick={() => void ask()}>
            {m.retry}
          </button>
        )}
      </section>
    )
  const Watch = answer.watched.kind === 'vnc' ? WatchScreen : WatchTerminal
  return (
    <section className="console console-own" aria-label={m.title}>
      <Watch token={token} watched={answer.watched} over={over} onEnd={end} />
    </section>
  )
}
