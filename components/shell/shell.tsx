'use client'
import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { useConnection, usePhase } from '@/components/live/live'
import { m } from '@/components/messages'
import { lazily } from '@/components/ui/lazily'
import { Toasts } from '@/components/ui/toasts'
import { Sidebar } from './sidebar'
import { ToldContext } from './told'
import { TopBar } from './top-bar'
import { useKeys } from './use-keys'

const loadPalette = () => import('./palette').then((module) => module.Palette)
const Palette = lazily(loadPalette)
const KeysDialog = lazily(() => import('./keys-dialog').then((module) => module.KeysDialog))
const JobsDrawer = lazily(() => import('@/components/jobs/drawer').then((module) => module.JobsDrawer))

export type Panel = 'palette' | 'keys' | 'jobs' | null

/** The frame of every page: tree on the left, search and jobs on top, the work in the centre. */
export function Shell({ children }: { children: ReactNode }) {
  const [panel, setPanel] = useState<Panel>(null)
  const [drawer, setDrawer] = useState(false)
  const path = usePathname()
  const stale = useConnection() === 'lost'
  useKeys(setPanel)
  // It must be there when Ctrl-K is pressed, or the first letters typed are lost; yet the page comes first.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 2000)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => setDrawer(false), [path])
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[44px_auto_minmax(0,1fr)] md:grid-cols-[228px_minmax(0,1fr)]">
      <a href="#work" className="sr-only focus:not-sr-only focus:fixed focus:top-1 focus:left-1 focus:z-50 focus:bg-raised focus:p-2">
        {m.nav.skip}
      </a>
      <TopBar panel={panel} setPanel={setPanel} onNavigation={() => setDrawer(!drawer)} navigationOpen={drawer} />
      <ConnectionBar />
      <Sidebar open={drawer} onClose={() => setDrawer(false)} />
      <main
        id="work"
        tabIndex={-1}
        data-stale={stale || undefined}
        className="relative min-h-0 min-w-0 overflow-auto px-3 py-3 outline-none data-stale:opacity-60 md:px-[18px]"
      >
        <ToldContext value={true}>{children}</ToldContext>
      </main>
      {panel === 'jobs' && <JobsDrawer onClose={() => setPanel(null)} />}
      {panel === 'palette' && <Palette onClose={() => setPanel(null)} onPanel={setPanel} />}
      {panel === 'keys' && <KeysDialog onClose={() => setPanel(null)} />}
      <Toasts />
    </div>
  )
}

/** Says in words that what is shown may be old. */
function ConnectionBar() {
  const connection = useConnection()
  const phase = usePhase()
  const text = phase === 'failed' ? m.connection.failed : connection === 'lost' ? m.connection.lost : null
  return (
    <div role="status" className="col-span-full row-start-2">
      {text && (
        <p className="border-line border-b bg-warn-soft px-4 py-1.5 text-warn">
          <span className="turning" aria-hidden>
            ◌
          </span>{' '}
          {text}
        </p>
      )}
    </div>
  )
}
