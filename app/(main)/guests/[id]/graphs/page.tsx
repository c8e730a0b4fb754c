import type { Metadata } from 'next'
import { GraphsTab } from '@/components/guest/tab-graphs'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.guest.tabs.graphs }

export default function Page() {
  return <GraphsTab />
}
