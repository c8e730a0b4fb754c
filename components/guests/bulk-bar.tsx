'use client'
import { useState } from 'react'
import { engineInfo, live, useGuests, useHosts } from '@/components/live/live'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { can } from '@/server/model/can'
import type { Allowed } from '@/server/model/capability'
import type { Guest } from '@/server/model/guest'
import { BulkDialog, type BulkVerb } from './bulk-dialog'

const verbs: readonly BulkVerb[] = ['start', 'stop', 'restart', 'pause', 'resume', 'kill', 'remove']

/** What can be done to all that are selected, after the commands were shown. Each goes to those that allow it; a verb that none allows says why. */
export function BulkBar({ ids, onClear }: { ids: readonly string[]; onClear: () => void }) {
  useGuests()
  const hosts = useHosts()
  const [asking, setAsking] = useState<BulkVerb | null>(null)
  const guests = ids.flatMap((id) => live.guest(id) ?? [])
  const allowed = (verb: BulkVerb, guest: Guest) =>
    can(
      verb,
      guest,
      engineInfo(
        hosts.find((host) => host.id === guest.host),
        guest.engine,
      ),
    )
  const some = (verb: BulkVerb): Allowed => {
    const answers = guests.map((guest) => allowed(verb, guest))
    return answers.includes(true) || (answers[0] ?? '')
  }
  return (
    <section
      aria-label={m.guest.bulk}
      className="mb-2 flex flex-wrap items-center gap-1.5 rounded-lg border border-accent bg-accent-soft px-3 py-1.5"
    >
      <span className="mr-2 font-semibold">{m.count.selected(ids.length)}</span>
      {verbs.map((verb) => (
        <Button
          key={verb}
          look={verb === 'kill' || verb === 'remove' ? 'danger' : 'plain'}
          allowed={some(verb)}
          onClick={() => setAsking(verb)}
        >
          {m.guest.actions[verb]}
        </Button>
      ))}
      <Button look="quiet" className="ml-auto" onClick={onClear}>
        {m.guest.unselect}
      </Button>
      {asking && (
        <BulkDialog
          verb={asking}
          guests={guests.map((guest) => ({ guest, allowed: allowed(asking, guest) }))}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null)
            if (asking === 'remove') onClear()
          }}
        />
      )}
    </section>
  )
}
