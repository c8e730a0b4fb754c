import type { Metadata } from 'next'
import { SnapshotsTab } from '@/components/guest/tab-snapshots'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.guest.tabs.snapshots }

export default function Page() {
  return <SnapshotsTab />
}
