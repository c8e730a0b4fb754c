import type { Metadata } from 'next'
import { JobsPage } from '@/components/jobs/jobs-page'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.job.title }

export default function Page() {
  return <JobsPage />
}
