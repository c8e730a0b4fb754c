import type { Metadata } from 'next'
import { ConfigTab } from '@/components/guest/tab-config'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.guest.tabs.config }

export default function Page() {
  return <ConfigTab />
}
