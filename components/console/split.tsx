'use client'
import dynamic from 'next/dynamic'
import './console.css'
import { consoleMessages as m } from './messages'

const loading = () => <p className="p-4 text-muted">{m.loading}</p>

/** What is open stands in the address and in the browser: it is read there, not on the server. */
export const SplitConsoles = dynamic(() => import('./split-page'), { ssr: false, loading })
