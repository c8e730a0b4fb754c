'use client'
import { lazily } from '@/components/ui/lazily'

/** The graphs, with their library, are fetched when they are first shown. */
export const LazyGuestCharts = lazily(() => import('./guest-charts').then((module) => module.default), <div className="min-h-[340px]" />)
