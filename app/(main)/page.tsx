import type { Metadata } from 'next'
import { m } from '@/components/messages'
import { Overview } from '@/components/overview/overview'

export const metadata: Metadata = { title: m.nav.overview }

export default function Page() {
  return <Overview />
}
