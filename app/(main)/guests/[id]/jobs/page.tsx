import type { Metadata } from 'next'
import { JobsTab } from '@/components/guest/tab-jobs'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.guest.tabs.jobs }

export default function Page() {
  return <JobsTab />
}
