'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { usePlan } from '@/components/guest/plan-preview'
import { operate } from '@/components/guest/use-operate'
import { usePhase } from '@/components/live/live'
import { m } from '@/components/messages'
import { guestPath } from '@/components/paths'
import { errorText, fieldErrors } from '@/components/trpc'
import { Button, ButtonLink } from '@/components/ui/button'
import { Empty, ErrorNote, PageHead } from '@/components/ui/card'
import { CheckField, SelectField, TextField } from '@/components/ui/field'
import { guestId } from '@/server/model/guest'
import { formatBytes } from '@/server/model/size'
import { AccessPart } from './access-part'
import { CommandsAside } from './commands-aside'
import { SourcePart } from './source-part'
import { placeKey, useCreateForm } from './use-create-form'
import { WhatPart } from './what-part'

const w = m.create

/** One page from name to running guest; the commands stand at the side and change as you type. */
export function CreatePage() {
  const form = useCreateForm()
  const router = useRouter()
  const phase = usePhase()
  const [touched, setTouched] = useState(false)
  const [sending, setSending] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const on = form.place ? { host: form.place.host.id, engine: form.place.engine } : null
  const { plan, error: planError, waiting } = usePlan(on, form.operation(true))
  // What the preview says counts only once a name was typed; what the server said to the order counts always.
  const errors = { ...(form.draft.name ? fieldErrors(planError) : {}), ...fieldErrors(failure) }
  const nameError = errors.name ?? (touched && !form.draft.name ? m.setup.noName : undefined)

  const submit = async (start: boolean) => {
    setTouched(true)
    const operation = form.operation(start)
    if (!operation || !on || sending) return
    setSending(true)
    setFailure(null)
    try {
      await operate(on, operation)
      router.push(guestPath(guestId(on.host, on.engine, form.draft.name)))
    } catch (error) {
      setFailure(error)
      setSending(false)
    }
  }
  const change = (fields: Parameters<typeof form.set>[0]) => {
    setFailure(null)
    form.set(fields)
  }
  if (phase === 'loading') return <PageHead title={w.title} note={m.connection.loading} />
  return (
    <>
      <PageHead title={w.title} />
      <div className="grid items-start gap-3.5 xl:grid-cols-[minmax(0,1fr)_minmax(0,420px)]">
        <form
          aria-label={w.title}
          noValidate
          className="flex min-w-0 flex-col gap-4 rounded-lg border border-line p-3.5"
          onSubmit={(event) => {
            event.preventDefault()
            void submit(true)
          }}
        >
          <WhatPart
            type={form.type}
            offered={form.offered}
            onType={(type) => change({ type, source: undefined, place: undefined, disk: undefined, memory: undefined, cpus: undefined })}
          />
          {form.catalog.error ? <ErrorNote>{errorText(form.catalog.error)}</ErrorNote> : null}
          {form.place && form.catalog.data && !form.choices.some((each) => each.kind !== 'empty') && (
            <Empty title={w.noImages} text={w.noImagesText}>
              <ButtonLink href="/images" look="primary">
                {w.toImages}
              </ButtonLink>
            </Empty>
          )}
          <SourcePart
            choices={form.choices}
            chosen={form.source}
            arches={form.place?.info.arches ?? []}
            onChoose={(source) => change({ source, disk: undefined, memory: undefined, cpus: undefined })}
          />
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label={w.name}
              hint={w.nameHint}
              error={nameError}
              value={form.draft.name}
              onChange={(event) => change({ name: event.target.value })}
              mono
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
            />
            <SelectField
              label={w.host}
              value={form.place ? placeKey(form.place) : ''}
              onChange={(event) => change({ place: event.target.value, network: undefined, source: undefined })}
              hint={room(form.catalog.data)}
              error={errors.host}
            >
              {form.places.map((place) => (
                <option key={placeKey(place)} value={placeKey(place)}>
                  {place.host.name} · {place.info.name}
                </option>
              ))}
              {form.places.length === 0 && <option value="">{w.noEngine}</option>}
            </SelectField>
          </div>
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
            <TextField
              label={w.cpus}
              value={form.texts.cpus}
              inputMode="numeric"
              onChange={(event) => change({ cpus: event.target.value })}
              error={form.wrong.cpus ? m.guest.hardware.badNumber : errors.cpus}
            />
            <TextField
              label={w.memory}
              value={form.texts.memory}
              onChange={(event) => change({ memory: event.target.value })}
              error={form.wrong.memoryBytes ? m.guest.hardware.badSize : errors.memoryBytes}
            />
            <TextField
              label={w.disk}
              value={form.texts.disk}
              placeholder={w.noDisk}
              hint={form.texts.disk ? undefined : form.type === 'container' ? w.noLimit : w.noDiskHint}
              onChange={(event) => change({ disk: event.target.value })}
              error={form.wrong.diskBytes ? m.guest.hardware.badSize : errors.diskBytes}
            />
          </div>
          <div className="grid gap-3 sm:grid-cols-2">
            <SelectField
              label={w.network}
              value={form.network}
              onChange={(event) => change({ network: event.target.value })}
              error={errors.network}
            >
              {form.networks.map((network) => (
                <option key={network.name} value={network.name}>
                  {network.title || network.name}
                </option>
              ))}
              <option value="">{w.noNetwork}</option>
            </SelectField>
            {form.source?.kind === 'empty' && form.type === 'vm' && (
              <SelectField
                label={w.arch}
                value={form.arch}
                onChange={(event) => change({ arch: form.place?.info.arches.find((each) => each.arch === event.target.value)?.arch })}
                hint={form.archSupport?.why}
              >
                {form.place?.info.arches.map((each) => (
                  <option key={each.arch} value={each.arch}>
                    {each.arch}
                    {each.accel === 'tcg' ? ` · ${w.emulated}` : ''}
                  </option>
                ))}
              </SelectField>
            )}
          </div>
          <AccessPart draft={form.draft} enabled={form.cloudInit} onChange={change} errors={errors} />
          <CheckField
            label={w.autostart}
            checked={form.draft.autostart}
            onChange={(event) => change({ autostart: event.target.checked })}
          />
          {failure && Object.keys(fieldErrors(failure)).length === 0 ? <ErrorNote>{errorText(failure)}</ErrorNote> : null}
          <div className="flex gap-2">
            <Button type="submit" look="primary" allowed={form.place ? (form.source ? true : w.choose) : w.noEngine} aria-busy={sending}>
              {w.createStart}
            </Button>
            <Button allowed={form.place ? (form.source ? true : w.choose) : w.noEngine} onClick={() => void submit(false)}>
              {w.createOnly}
            </Button>
          </div>
        </form>
        <CommandsAside
          host={form.place?.host.name ?? ''}
          plan={form.draft.name ? plan : undefined}
          error={form.draft.name ? planError : null}
          waiting={waiting}
        />
      </div>
    </>
  )
}

/** The room that is left where the guest will live. */
function room(catalog: ReturnType<typeof useCreateForm>['catalog']['data']): string | undefined {
  if (!catalog) return undefined
  const memory = catalog.limits.memoryFreeBytes
  const disk = catalog.pools.reduce<number | undefined>(
    (most, pool) => (pool.freeBytes === undefined ? most : Math.max(most ?? 0, pool.freeBytes)),
    undefined,
  )
  return w.free(memory === undefined ? '' : formatBytes(memory), disk === undefined ? '' : formatBytes(disk)) || undefined
}
