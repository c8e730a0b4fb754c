'use client'
import { useRouter } from 'next/navigation'
import { useSyncExternalStore } from 'react'
import { useJobs, useUserName } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { m } from '@/components/messages'
import { currentTheme, onTheme, setTheme, themes } from '@/components/theme'
import { client } from '@/components/trpc'
import { AppLink } from '@/components/ui/link'
import { Menu } from '@/components/ui/menu'
import type { Panel } from './shell'

type Props = { panel: Panel; setPanel: (panel: Panel) => void; onNavigation: () => void; navigationOpen: boolean }

/** The bar on top: home, search, running jobs, user. */
export function TopBar({ panel, setPanel, onNavigation, navigationOpen }: Props) {
  const running = useJobs().filter(isActive).length
  return (
    <header className="col-span-full flex items-center gap-2 border-line border-b bg-side px-2 md:px-0 md:pr-3.5">
      <button
        type="button"
        className="flex size-8 items-center justify-center rounded-md hover:bg-hover md:hidden"
        aria-label={m.nav.open}
        aria-expanded={navigationOpen}
        onClick={onNavigation}
      >
        <span aria-hidden>☰</span>
      </button>
      <AppLink href="/" className="hidden w-[228px] shrink-0 px-3.5 font-bold md:block">
        {m.app}
      </AppLink>
      <button
        type="button"
        aria-label={m.palette.open}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K /"
        onClick={() => setPanel('palette')}
        className="flex h-[30px] w-full max-w-[460px] min-w-0 items-center justify-between rounded-md border border-line-strong bg-ground px-2.5 text-muted hover:border-accent"
      >
        <span className="truncate">{m.palette.open}</span>
        <kbd className="ml-2 hidden rounded border border-line px-1.5 font-mono text-xs md:block">Ctrl K</kbd>
      </button>
      <div className="ml-auto flex shrink-0 items-center gap-2">
        <button
          type="button"
          aria-label={m.job.open(running)}
          aria-expanded={panel === 'jobs'}
          onClick={() => setPanel(panel === 'jobs' ? null : 'jobs')}
          className={`rounded-full border px-2.5 py-0.5 text-sm hover:bg-hover ${running ? 'border-busy text-busy' : 'border-line-strong text-muted'}`}
        >
          {running > 0 && (
            <span className="turning mr-1" aria-hidden>
              ◌
            </span>
          )}
          {m.job.pill(running)}
        </button>
        <UserMenu onKeys={() => setPanel('keys')} />
      </div>
    </header>
  )
}

function UserMenu({ onKeys }: { onKeys: () => void }) {
  const name = useUserName()
  const router = useRouter()
  const now = useSyncExternalStore(onTheme, currentTheme, () => 'system')
  const signOut = async () => {
    await client.session.signOut.mutate().catch(() => {})
    router.refresh()
    location.assign('/login')
  }
  return (
    <Menu
      label={m.user.menu(name)}
      className="h-[30px] max-w-[140px] truncate rounded-md px-2 text-muted hover:bg-hover hover:text-text"
      items={[
        ...themes.map((each) => ({
          label: each === 'system' ? `${m.user.theme}: ${m.user.system.toLowerCase()}` : `${m.user.theme}: ${m.user[each].toLowerCase()}`,
          checked: now === each,
          onSelect: () => setTheme(each),
        })),
        'line',
        { label: m.user.keys, onSelect: onKeys },
        { label: m.user.signOut, onSelect: () => void signOut() },
      ]}
    >
      {name || '…'}
    </Menu>
  )
}
