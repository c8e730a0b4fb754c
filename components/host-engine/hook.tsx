'use client'
import { useState } from 'react'
import { OperationDialog } from '@/components/guest/operation-dialog'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { CheckField } from '@/components/ui/field'
import type { EngineHostDetail } from '@/server/model/host-detail'
import { allows } from './allowed'
import type { Part } from './engine-detail'

const w = cbsd.host.hook
const marks = { on: ['✓', 'text-ok'], off: ['○', 'text-muted'], foreign: ['▲', 'text-warn'] } as const

/** Whether the engine tells of changes by itself. It is let to only after somebody read what that changes on the host, and agreed. */
export function Hook({ host, info, state }: Part & { state: EngineHostDetail['hook'] }) {
  const [asked, setAsked] = useState(false)
  const [agreed, setAgreed] = useState(false)
  const [mark, tone] = marks[state]
  const on = { host: host.id, engine: info.kind }
  const close = () => {
    setAsked(false)
    setAgreed(false)
  }
  return (
    <div className="mt-3 border-line border-t pt-3">
      <h3 className="font-semibold">{w.title}</h3>
      <p className="mb-2">
        <span aria-hidden className={tone}>
          {mark}{' '}
        </span>
        {w[state]}
      </p>
      {state === 'off' && (
        <Button allowed={allows(info, 'hook.install')} onClick={() => setAsked(true)}>
          {w.install}
        </Button>
      )}
      {state === 'on' && (
        <Button allowed={allows(info, 'hook.remove')} onClick={() => setAsked(true)}>
          {w.remove}
        </Button>
      )}
      {asked && state !== 'on' && (
        <OperationDialog
          title={w.installTitle(host.name)}
          on={on}
          operation={{ kind: 'hook.install' }}
          verb={w.install}
          ready={agreed || w.agree}
          lost={w.consent.map((each) => <p key={each}>{each}</p>)}
          onClose={close}
        >
          {() => <CheckField label={w.agree} checked={agreed} onChange={(event) => setAgreed(event.target.checked)} />}
        </OperationDialog>
      )}
      {asked && state === 'on' && (
        <OperationDialog
          title={w.removeTitle(host.name)}
          on={on}
          operation={{ kind: 'hook.remove' }}
          verb={w.remove}
          lost={<p>{w.removeText}</p>}
          onClose={close}
        />
      )}
    </div>
  )
}
