import type { Metadata } from 'next'
import { OverviewTab } from '@/components/guest/tab-overview'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.guest.tabs.overview }

export default function Page() {
  return <OverviewTab />
}
