import type { Metadata } from 'next'
import { HostsPage } from '@/components/hosts/hosts-page'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.host.title }

export default function Page() {
  return <HostsPage />
}
