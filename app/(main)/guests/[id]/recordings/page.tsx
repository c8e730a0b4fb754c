import type { Metadata } from 'next'
import { recordingMessages as m } from '@/components/recordings/messages'
import { RecordingsTab } from '@/components/recordings/recordings-tab'

export const metadata: Metadata = { title: m.title }

export default function Page() {
  return <RecordingsTab />
}
