import type { Metadata } from 'next'
import { Suspense } from 'react'
import { recordingMessages as m } from '@/components/recordings/messages'
import { RecordingsPage } from '@/components/recordings/recordings-page'

export const metadata: Metadata = { title: m.title }

export default function Page() {
  return (
    <Suspense>
      <RecordingsPage />
    </Suspense>
  )
}
