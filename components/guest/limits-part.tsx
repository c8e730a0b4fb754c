'use client'
import { useState } from 'react'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { Card, ErrorNote } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import type { Guest, Limit } from '@/server/model/guest'
import type { Operation } from '@/server/model/operation'
import { PlanBox } from './plan-preview'
import { useAllowed } from './use-allowed'
import { usePlanned } from './use-planned'

const w = cbsd.guest.limit

/** What the guest may use at most, by the engine's own names, beside what it uses now. */
export function LimitsPart({ guest, limits }: { guest: Guest; limits: readonly Limit[] }) {
  const allowed = useAllowed(guest)('limits')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const value = (limit: Limit) => typed[limit.key] ?? limit.value
  const changed = limits.filter((limit) => value(limit).trim() !== limit.value)
  const operation: Operation | null =
    allowed === true && changed.length > 0
      ? { kind: 'limits', name: guest.name, limits: Object.fromEntries(changed.map((limit) => [limit.key, value(limit).trim()])) }
      : null
  const { errors, note, plan, run, sending } = usePlanned(
    guest,
    operation,
    limits.map(({ key }) => `limits.${key}`),
  )
  return (
    <Card title={w.title}>
      {allowed !== true && <p className="mb-2 text-muted">{allowed}</p>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          run()
        }}
      >
        <div className="grid grid-cols-2 gap-3">
          {limits.map((limit) => (
            <TextField
              key={limit.key}
              label={limit.key}
              value={value(limit)}
              placeholder={w.none}
              title={limit.about}
              hint={[limit.used && `${w.used}: ${limit.used}`, limit.about].filter(Boolean).join(' · ') || undefined}
              error={errors[`limits.${limit.key}`]}
              readOnly={allowed !== true}
              onChange={(event) => setTyped((before) => ({ ...before, [limit.key]: event.target.value }))}
              mono
              autoComplete="off"
              spellCheck={false}
            />
          ))}
        </div>
        {operation && <PlanBox state={plan} />}
        {note && <ErrorNote>{note}</ErrorNote>}
        <div className="mt-3 flex items-center gap-3">
          <Button type="submit" allowed={allowed === true ? (changed.length > 0 && !sending) || m.guest.hardware.unchanged : allowed}>
            {w.apply}
          </Button>
          <span className="text-muted text-sm">{w.hint}</span>
        </div>
      </form>
    </Card>
  )
}
