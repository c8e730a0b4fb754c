'use client'
import { useEffect, useState } from 'react'
import { useHosts, usePhase } from '@/components/live/live'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { Empty, PageHead } from '@/components/ui/card'
import { decoded } from '@/server/model/decoded'
import { HostCard } from './host-card'
import { HostDialog } from './host-dialog'

/** Every host: its engines, what they offer, what is missing and what mends it. */
export function HostsPage() {
  const hosts = useHosts()
  const phase = usePhase()
  const [adding, setAdding] = useState(false)
  const ready = phase === 'ready'
  useEffect(() => {
    if (ready && location.hash) document.getElementById(decoded(location.hash.slice(1)))?.scrollIntoView()
  }, [ready])
  const add = (
    <Button look="primary" onClick={() => setAdding(true)}>
      {m.host.add}
    </Button>
  )
  return (
    <>
      <PageHead title={m.host.title} note={phase === 'loading' ? m.connection.loading : undefined}>
        {add}
      </PageHead>
      {ready && hosts.length === 0 && <Empty title={m.host.none}>{add}</Empty>}
      <div className="flex flex-col gap-3.5">
        {hosts.map((host) => (
          <HostCard key={host.id} host={host} />
        ))}
      </div>
      {adding && <HostDialog onClose={() => setAdding(false)} />}
    </>
  )
}
