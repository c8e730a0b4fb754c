import type { Metadata } from 'next'
import { ImagesPage } from '@/components/images/images-page'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.image.title }

export default function Page() {
  return <ImagesPage />
}
