import type { Metadata } from 'next'
import { SetupForm } from '@/components/access/setup-form'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.setup.title }

export default function Page() {
  return <SetupForm />
}
