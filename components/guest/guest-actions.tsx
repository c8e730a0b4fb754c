'use client'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import { useEngineInfo } from '@/components/live/live'
import { m } from '@/components/messages'
import { guestPath } from '@/components/paths'
import { Button, ButtonLink } from '@/components/ui/button'
import { lazily } from '@/components/ui/lazily'
import { Menu, type MenuItem } from '@/components/ui/menu'
import { can } from '@/server/model/can'
import type { Allowed } from '@/server/model/capability'
import type { Guest, GuestState } from '@/server/model/guest'
import type { JobSummary } from '@/server/model/job'
import type { Operation } from '@/server/model/operation'
import { MenuCommands, WithCommands } from './command-hint'
import { type DialogKind, GuestDialog } from './dialogs'
import { hasFurther } from './has-further'
import { type MoreKind, moreActions } from './more-actions'
import { operateOrTell } from './use-operate'

const MoreDialog = lazily(() => import('./more-dialogs').then((all) => all.MoreDialog))

const plain = ['start', 'stop', 'restart', 'pause', 'resume'] as const
const asking = ['snapshot.create', 'rename', 'clone', 'kill', 'remove'] as const
type Plain = (typeof plain)[number]
type Verb = Plain | (typeof asking)[number]
const order: readonly Verb[] = ['start', 'stop', 'restart', 'pause', 'resume', 'kill', 'snapshot.create', 'rename', 'clone', 'remove']
const isPlain = (verb: Verb): verb is Plain => plain.some((each) => each === verb)

/** The two likeliest things to do in a state, beside the console. */
const likely: Record<GuestState, readonly [Verb, Verb]> = {
  running: ['stop', 'snapshot.create'],
  stopped: ['start', 'remove'],
  paused: ['resume', 'kill'],
  starting: ['stop', 'kill'],
  stopping: ['stop', 'kill'],
  crashed: ['start', 'kill'],
  unknown: ['start', 'stop'],
}

/** Three likely actions as buttons, the rest in a menu; what cannot be done says why, what runs at once shows its commands first. */
export function GuestActions({ guest, job }: { guest: Guest; job: JobSummary | undefined }) {
  const info = useEngineInfo(guest)
  const [dialog, setDialog] = useState<DialogKind | null>(null)
  const [more, setMore] = useState<MoreKind | null>(null)
  const onConsole = usePathname().endsWith('/console')
  const allowed = (verb: Parameters<typeof can>[0]): Allowed => {
    // Killing is the one thing that may overtake another job.
    if (job && verb !== 'kill') return m.guest.busy(m.doing[job.kind] ?? job.title)
    return can(verb, guest, info)
  }
  const run = (verb: Verb) => (isPlain(verb) ? void operateOrTell(guest, { kind: verb, name: guest.name }) : setDialog(verb))
  /** What a press would run at once; null where it is refused or a dialog shows it. */
  const atOnce = (verb: Verb): Operation | null => (isPlain(verb) && allowed(verb) === true ? { kind: verb, name: guest.name } : null)
  const shown = likely[guest.state]
  const left = order.filter((verb) => !shown.includes(verb))
  const further = hasFurther(info) ? moreActions(guest) : []
  const rest: (MenuItem | 'line')[] = [
    ...left.map((verb) => ({
      label: m.guest.actions[verb],
      onSelect: () => run(verb),
      allowed: allowed(verb),
      danger: verb === 'kill' || verb === 'remove',
    })),
    ...(further.length ? (['line'] as const) : []),
    ...further.map(({ kind, asks, label }) => ({ label, onSelect: () => setMore(kind), allowed: allowed(asks) })),
  ]
  const note = (item: MenuItem, id: string) => {
    const verb = left.find((each) => m.guest.actions[each] === item.label)
    const operation = verb ? atOnce(verb) : null
    return operation && <MenuCommands id={id} on={guest} operation={operation} />
  }
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2">
      {!onConsole && guest.consoles.length > 0 && (
        <ButtonLink href={guestPath(guest.id, 'console')} look={guest.state === 'running' ? 'primary' : 'plain'}>
          {m.guest.console}
        </ButtonLink>
      )}
      {shown.map((verb, index) => (
        <WithCommands key={verb} on={guest} operation={atOnce(verb)}>
          {(describedBy) => (
            <Button
              allowed={allowed(verb)}
              aria-describedby={describedBy}
              look={verb === 'kill' || verb === 'remove' ? 'danger' : index === 0 && guest.state !== 'running' ? 'primary' : 'plain'}
              onClick={() => run(verb)}
            >
              {m.guest.actions[verb]}
            </Button>
          )}
        </WithCommands>
      ))}
      <Menu label={m.common.more} items={rest} note={note}>
        ⋯
      </Menu>
      {dialog && <GuestDialog kind={dialog} guest={guest} onClose={() => setDialog(null)} />}
      {more && <MoreDialog kind={more} guest={guest} onClose={() => setMore(null)} />}
    </div>
  )
}
