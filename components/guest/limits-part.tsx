'use client'
import { useState } from 'react'
import { useEngineInfo } from '@/components/live/live'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { Card, ErrorNote, Warning } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import type { Guest, Limit } from '@/server/model/guest'
import type { Operation } from '@/server/model/operation'
import { PlanBox } from './plan-preview'
import { useAllowed } from './use-allowed'
import { usePlanned } from './use-planned'

const w = cbsd.guest.limit
const known = Object.entries(w.known)

/** What the guest may use at most, by the engine's own names, beside what it uses now. */
export function LimitsPart({ guest, limits }: { guest: Guest; limits: readonly Limit[] }) {
  const off = useEngineInfo(guest)?.operations.limits
  const allowed = useAllowed(guest)('limits')
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  // Those that are set, and those that somebody began to set.
  const rows: Limit[] = [
    ...limits,
    ...Object.keys(typed).flatMap((key) => (limits.some((limit) => limit.key === key) ? [] : [{ key, value: '', about: aboutOf(key) }])),
  ]
  const value = (limit: Limit) => typed[limit.key] ?? limit.value
  const changed = rows.filter((limit) => value(limit).trim() !== limit.value)
  const operation: Operation | null =
    allowed === true && changed.length > 0
      ? { kind: 'limits', name: guest.name, limits: Object.fromEntries(changed.map((limit) => [limit.key, value(limit).trim()])) }
      : null
  const {
    errors,
    note,
    plan,
    run,
    allowed: planned,
  } = usePlanned(
    guest,
    operation,
    rows.map(({ key }) => `limits.${key}`),
  )
  const left = known.filter(([key]) => !rows.some((row) => row.key === key))
  return (
    <Card title={w.title}>
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          run()
        }}
      >
        {typeof off === 'string' && <Warning>{off}</Warning>}
        {rows.length === 0 && <p className="text-muted">{w.nothing}</p>}
        {rows.length > 0 && (
          <div className="grid grid-cols-2 gap-3">
            {rows.map((limit) => (
              <TextField
                key={limit.key}
                label={limit.key}
                value={value(limit)}
                placeholder={w.none}
                hint={[limit.about, limit.used && `${w.used}: ${limit.used}`].filter(Boolean).join(' · ') || undefined}
                error={errors[`limits.${limit.key}`]}
                readOnly={allowed !== true}
                onChange={(event) => setTyped((before) => ({ ...before, [limit.key]: event.target.value }))}
                mono
                autoComplete="off"
                spellCheck={false}
              />
            ))}
          </div>
        )}
        {operation && <PlanBox state={plan} />}
        {note && <ErrorNote>{note}</ErrorNote>}
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" allowed={allowed !== true ? allowed : changed.length > 0 ? planned : m.guest.hardware.unchanged}>
            {w.apply}
          </Button>
          {left.length > 0 && allowed === true && (
            <select
              aria-label={w.add}
              value=""
              onChange={(event) => setTyped((before) => ({ ...before, [event.target.value]: '' }))}
              className="field w-auto max-w-full"
            >
              <option value="">{w.add}</option>
              {left.map(([key, about]) => (
                <option key={key} value={key}>
                  {`${key}: ${about}`}
                </option>
              ))}
            </select>
          )}
        </div>
        {rows.length > 0 && <p className="text-muted text-sm">{w.hint}</p>}
      </form>
    </Card>
  )
}

const aboutOf = (key: string): string | undefined => known.find(([each]) => each === key)?.[1]
