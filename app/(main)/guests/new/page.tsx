import type { Metadata } from 'next'
import { CreatePage } from '@/components/create/create-page'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.create.title }

export default function Page() {
  return <CreatePage />
}
