import type { Metadata } from 'next'
import { JobPage } from '@/components/jobs/job-page'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.job.title }

export default function Page() {
  return <JobPage />
}
