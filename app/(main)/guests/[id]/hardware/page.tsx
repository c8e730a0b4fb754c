import type { Metadata } from 'next'
import { HardwareTab } from '@/components/guest/tab-hardware'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.guest.tabs.hardware }

export default function Page() {
  return <HardwareTab />
}
