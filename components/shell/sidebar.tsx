'use client'
import { usePathname } from 'next/navigation'
import { useEffect } from 'react'
import { useGuests } from '@/components/live/live'
import { m } from '@/components/messages'
import { AppLink } from '@/components/ui/link'
import { Tree } from './tree-view'

const places = [
  ['/', m.nav.overview],
  ['/guests', m.nav.guests],
  ['/jobs', m.nav.jobs],
  ['/recordings', m.nav.recordings],
  ['/images', m.nav.images],
  ['/hosts', m.nav.hosts],
] as const

/** The left side: pages, then hosts with their guests. On a narrow screen it slides over the work. */
export function Sidebar({ open, onClose }: { open: boolean; onClose: () => void }) {
  const path = usePathname()
  const count = useGuests().length
  useEffect(() => {
    if (!open) return
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && onClose()
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [open, onClose])
  return (
    <>
      {open && (
        <button
          type="button"
          aria-label={m.common.close}
          className="fixed inset-0 top-[44px] z-20 bg-black/40 md:hidden"
          onClick={onClose}
        />
      )}
      <aside
        className={`min-h-0 flex-col border-line border-r bg-side md:static md:flex ${
          open ? 'fixed top-[44px] bottom-0 left-0 z-20 flex w-[270px] shadow-xl' : 'hidden'
        }`}
      >
        <nav aria-label={m.nav.label} className="px-2 pt-2 pb-1">
          <ul>
            {places.map(([href, label]) => {
              const here = href === '/' ? path === '/' : path.startsWith(href)
              return (
                <li key={href}>
                  <AppLink
                    href={href}
                    aria-current={path === href ? 'page' : undefined}
                    className={`flex h-[27px] items-center justify-between rounded-md px-2 hover:bg-hover ${here ? 'font-semibold' : 'text-muted'}`}
                  >
                    {label}
                    {href === '/guests' && count > 0 && <span className="font-normal text-muted">{count.toLocaleString('en')}</span>}
                  </AppLink>
                </li>
              )
            })}
          </ul>
        </nav>
        <Tree />
      </aside>
    </>
  )
}
