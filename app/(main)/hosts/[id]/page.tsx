import type { Metadata } from 'next'
import { HostPage } from '@/components/host-engine/host-page'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.host.title }

export default function Page() {
  return <HostPage />
}
