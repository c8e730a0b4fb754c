'use client'
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter } from 'next/navigation'
import { useState } from 'react'
import { formatTime } from '@/components/format'
import { errorText, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote, PageHead } from '@/components/ui/card'
import { lazily } from '@/components/ui/lazily'
import { AppLink } from '@/components/ui/link'
import { formatBytes } from '@/server/model/size'
import { FileLinks } from './file-links'
import { recordingMessages as m } from './messages'
import { formatClock, guestName, who } from './recording-text'
import { RemoveRecording } from './remove-recording'

const Player = lazily(() => import('./player').then((module) => module.default))

/** One recording: what it is, what can be done with it, and the player. */
export function PlayerPage() {
  const { id = '' } = useParams<{ id: string }>()
  const router = useRouter()
  const query = useQuery(trpc.recording.get.queryOptions({ id }, { staleTime: Number.POSITIVE_INFINITY }))
  const [removing, setRemoving] = useState(false)
  // Of one that is gone the page may still know what it was.
  const info = query.error ? undefined : query.data
  const name = info ? guestName(info.guest) : ''
  return (
    <div className="flex h-full flex-col">
      <PageHead
        title={info ? m.player.screen(name) : m.title}
        note={
          info &&
          [
            formatTime(info.startedAt),
            m.kinds[info.kind] + (info.input ? `, ${m.input}` : ''),
            formatClock(info.seconds),
            formatBytes(info.sizeBytes) + (info.castBytes === undefined ? '' : m.player.castSize(formatBytes(info.castBytes))),
            who(info),
          ].join(' · ')
        }
      >
        {info && (
          <>
            <FileLinks recording={info} />
            <Button look="danger" onClick={() => setRemoving(true)}>
              {m.remove}
            </Button>
          </>
        )}
      </PageHead>
      <p className="mb-2">
        <AppLink href="/recordings" className="text-accent hover:underline">
          {m.player.back}
        </AppLink>
        {info && info.endedAt === undefined && <span className="ml-3 text-bad">● {m.player.goesOn}</span>}
      </p>
      {query.error && <ErrorNote>{errorText(query.error)}</ErrorNote>}
      <div className="min-h-[320px] flex-1">{info && <Player id={id} name={name} seconds={info.seconds} />}</div>
      {removing && info && (
        <RemoveRecording recording={info} onClose={() => setRemoving(false)} onRemoved={() => router.push('/recordings')} />
      )}
    </div>
  )
}
