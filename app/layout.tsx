import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { m } from '@/components/messages'
import { SecondTry } from '@/components/shell/second-try'
import { themeCookie } from '@/components/theme'
import './globals.css'

/** Every page is rendered per request: the nonce of the content security policy is new each time. */
export const dynamic = 'force-dynamic'

export const metadata: Metadata = { title: { default: m.app, template: `%s · ${m.app}` }, icons: { icon: '/icon.svg' } }
export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const chosen = (await cookies()).get(themeCookie)?.value
  const theme = chosen === 'dark' || chosen === 'light' ? chosen : undefined
  return (
    <html lang="en" className={theme} suppressHydrationWarning>
      <head>
        <SecondTry />
      </head>
      <body>{children}</body>
    </html>
  )
}
