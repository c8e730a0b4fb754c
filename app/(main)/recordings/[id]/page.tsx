import type { Metadata } from 'next'
import { recordingMessages as m } from '@/components/recordings/messages'
import { PlayerPage } from '@/components/recordings/player-page'

export const metadata: Metadata = { title: m.title }

export default function Page() {
  return <PlayerPage />
}
