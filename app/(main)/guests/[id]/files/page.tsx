import type { Metadata } from 'next'
import { FilesTab } from '@/components/files/files-tab'
import { fileMessages } from '@/components/files/messages'

export const metadata: Metadata = { title: fileMessages.title }

export default function Page() {
  return <FilesTab />
}
