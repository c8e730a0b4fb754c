'use client'
import { useState } from 'react'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { errorText } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Card, Empty, ErrorNote } from '@/components/ui/card'
import { Grid } from '@/components/ui/grid'
import type { Guest, GuestSetting } from '@/server/model/guest'
import type { Operation } from '@/server/model/operation'
import { PlanBox } from './plan-preview'
import { SettingInput } from './setting-input'
import { useAllowed } from './use-allowed'
import { useDetail } from './use-detail'
import { useGuestParam } from './use-guest-param'
import { usePlanned } from './use-planned'

const w = cbsd.guest.settings

/** The engine's own values: what each means, when a change counts, and the commands of the changes beside them. */
export function SettingsTab() {
  const { guest, detail, error } = useDetail(useGuestParam().id)
  if (error) return <ErrorNote>{errorText(error)}</ErrorNote>
  if (!guest || !detail) return <p className="text-muted">{m.connection.loading}</p>
  return detail.settings ? <Settings guest={guest} settings={detail.settings} /> : <Empty title={w.nothing} />
}

function Settings({ guest, settings }: { guest: Guest; settings: readonly GuestSetting[] }) {
  const allowed = useAllowed(guest)('set')
  const [text, setText] = useState('')
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  // A value that has become what was typed is no change any more: that is how an applied change ends.
  const changed = settings.filter(({ key, value }) => typed[key] !== undefined && typed[key] !== value)
  const operation: Operation | null =
    changed.length > 0 && allowed === true
      ? { kind: 'set', name: guest.name, settings: Object.fromEntries(changed.map(({ key }) => [key, typed[key] ?? ''])) }
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
    changed.map(({ key }) => `settings.${key}`),
  )
  const words = text.toLowerCase().split(/\s+/)
  const shown = settings.filter((setting) =>
    words.every((word) => `${setting.key} ${typed[setting.key] ?? setting.value} ${setting.about ?? ''}`.toLowerCase().includes(word)),
  )
  const refusal = (setting: GuestSetting): string | null =>
    allowed !== true ? allowed : setting.needsStop && guest.state !== 'stopped' && guest.state !== 'crashed' ? w.stopFirst : null
  return (
    <form
      noValidate
      className="grid items-start gap-3.5 xl:grid-cols-[minmax(0,1fr)_minmax(0,360px)]"
      onSubmit={(event) => {
        event.preventDefault()
        run()
      }}
    >
      <div className={`min-w-0 xl:sticky xl:top-0 xl:order-2 ${changed.length ? '' : 'max-xl:hidden'}`}>
        <Card title={changed.length ? w.changes(changed.length) : m.common.commands}>
          {changed.length === 0 && <p className="text-muted">{w.noChanges}</p>}
          {operation && <PlanBox state={plan} />}
          {note && <ErrorNote>{note}</ErrorNote>}
          {changed.length > 0 && (
            <div className="mt-2 flex gap-2">
              <Button type="submit" look="primary" allowed={allowed === true ? planned : allowed}>
                {m.guest.hardware.apply}
              </Button>
              <Button look="quiet" onClick={() => setTyped({})}>
                {w.drop}
              </Button>
            </div>
          )}
        </Card>
      </div>
      <div className="min-w-0 rounded-lg border border-line p-3.5">
        <input
          type="search"
          aria-label={w.filter}
          placeholder={w.filter}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="field mb-2 max-w-[340px]"
        />
        {shown.length === 0 && <p className="text-muted">{w.noMatch}</p>}
        {shown.length > 0 && (
          <Grid
            label={w.table}
            stack
            rows={shown}
            keyOf={({ key }) => key}
            columns={[
              {
                head: w.key,
                className: 'align-top',
                cell: ({ key, about }) => (
                  <>
                    <span className="font-mono text-sm leading-[28px]">{key}</span>
                    {about && <span className="-mt-1 block text-muted text-sm">{about}</span>}
                  </>
                ),
              },
              {
                head: w.value,
                className: 'align-top sm:w-[40%] sm:min-w-[150px]',
                cell: (setting) => (
                  <SettingInput
                    setting={setting}
                    typed={typed[setting.key]}
                    refusal={refusal(setting)}
                    error={errors[`settings.${setting.key}`]}
                    onType={(value) => setTyped((before) => ({ ...before, [setting.key]: value }))}
                  />
                ),
              },
              {
                head: w.applies,
                className: 'w-[104px] align-top text-muted text-sm leading-[28px]',
                wide: true,
                cell: ({ applies, needsStop }) => (applies !== 'never' && needsStop ? w.needsStop : w.when[applies]),
              },
            ]}
          />
        )}
      </div>
    </form>
  )
}
