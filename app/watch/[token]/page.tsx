import type { Metadata } from 'next'
import { watchMessages } from '@/components/console/people-messages'
import { WatchPage } from '@/components/console/watch-page'

export const metadata: Metadata = { title: watchMessages.page.title, referrer: 'no-referrer', robots: { index: false, follow: false } }

/** One console for whoever holds the link: no session, and nothing of the rest. */
export default function Page() {
  return (
    <main>
      <WatchPage />
    </main>
  )
}
