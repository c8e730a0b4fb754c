import type { Metadata } from 'next'
import { CreatePage } from '@/components/create/create-page'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.create.title }

/** `?host=ID`: the host to offer first. */
export default async function Page({ searchParams }: { searchParams: Promise<{ host?: string | string[] }> }) {
  const { host } = await searchParams
  return <CreatePage host={typeof host === 'string' ? host : undefined} />
}
