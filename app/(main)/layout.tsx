import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { preload } from 'react-dom'
import { Providers } from '@/components/shell/providers'
import { Shell } from '@/components/shell/shell'

/** Pages of signed-in people. Whether the session is good, the server says with the picture; without a cookie there is no need to ask. */
export default async function MainLayout({ children }: { children: ReactNode }) {
  if (!(await cookies()).has('bailiwick_session')) redirect('/login')
  preload('/api/trpc/events.picture', { as: 'fetch', crossOrigin: 'anonymous' })
  return (
    <Providers>
      <Shell>{children}</Shell>
    </Providers>
  )
}
