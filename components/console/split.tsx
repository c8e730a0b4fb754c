'use client'
import { lazily } from '@/components/ui/lazily'
import './console.css'
import { consoleMessages as m } from './messages'

const loading = <p className="p-4 text-muted">{m.loading}</p>

/** What is open stands in the address and in the browser: it is read there, not on the server. */
export const SplitConsoles = lazily(() => import('./split-page').then((module) => module.default), loading)
