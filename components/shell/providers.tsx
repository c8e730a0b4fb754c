'use client'
import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { startLive } from '@/components/live/live'
import { queryClient } from '@/components/trpc'

// As early as the code runs, not when React has drawn: the picture then travels while the page hydrates.
if (typeof window !== 'undefined' && !/^\/(login|setup)/.test(location.pathname)) startLive()

/** What every signed-in page stands on: the live picture and the query client. */
export function Providers({ children }: { children: ReactNode }) {
  useEffect(startLive, [])
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
}
