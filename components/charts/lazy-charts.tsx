'use client'
import dynamic from 'next/dynamic'

/** The graphs, with their library, are fetched when they are first shown. */
export const LazyGuestCharts = dynamic(() => import('./guest-charts'), { ssr: false, loading: () => <div className="min-h-[340px]" /> })
