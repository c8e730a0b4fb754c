import type { Metadata } from 'next'
import { GuestList } from '@/components/guests/guest-list'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.nav.guests }

export default function Page() {
  return <GuestList />
}
