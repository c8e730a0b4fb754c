'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { usePlan } from '@/components/guest/plan-preview'
import { operate } from '@/components/guest/use-operate'
import { usePhase } from '@/components/live/live'
import { m } from '@/components/messages'
import { guestPath } from '@/components/paths'
import { errorText, fieldErrors } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote, PageHead } from '@/components/ui/card'
import { CheckField, SelectField, TextField } from '@/components/ui/field'
import type { Catalog } from '@/server/model/catalog'
import { guestId } from '@/server/model/guest'
import { formatBytes } from '@/server/model/size'
import { CommandsAside } from './commands-aside'
import { ImagePart, ImageSource, imageFields } from './image-part'
import { JailPart, jailFields } from './jail-part'
import { isTaken, nameFault } from './name-fault'
import { unplaced } from './typed'
import { placeKey, useCreateForm } from './use-create-form'
import { VmProfilePart, vmFields } from './vm-profile-part'
import { WhatPart } from './what-part'

const w = m.create

/** One page from name to running guest; the commands stand at the side and change as you type. `host`: the one to begin with. */
export function CreatePage({ host }: { host?: string }) {
  const form = useCreateForm(host)
  const router = useRouter()
  const phase = usePhase()
  const [sending, setSending] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const { draft, place, profile } = form
  const on = place ? { host: place.host.id, engine: place.engine } : null
  const { plan, error: planError, waiting } = usePlan(on, draft.name ? form.operation(true) : null)
  // What the preview says counts only once a name was typed; what the server said to the order counts always.
  const said = failure ?? (draft.name ? planError : null)
  const errors = fieldErrors(said)
  const fault = place && nameFault(draft.name, place.info.names, isTaken({ host: place.host.id, engine: place.engine }, draft.name))
  const fields = ['name', 'host', ...(profile ? (form.type === 'jail' ? jailFields : vmFields) : imageFields)]
  const rest = Object.keys(errors).length ? unplaced(errors, fields) : failure ? [errorText(failure)] : []
  const ready = form.operation(true) ? true : place ? (form.catalog.data ? w.choose : m.connection.loading) : w.noEngine

  const page = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (failure) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [failure])
  const submit = async (start: boolean) => {
    const operation = form.operation(start)
    if (!operation || !on || sending) return
    setSending(true)
    setFailure(null)
    try {
      await operate(on, operation)
      router.push(guestPath(guestId(on.host, on.engine, draft.name)))
    } catch (error) {
      setFailure(error)
      setSending(false)
    }
  }
  const change = (fields: Parameters<typeof form.set>[0]) => {
    setFailure(null)
    form.set(fields)
  }
  const sizeless = { disk: undefined, memory: undefined, cpus: undefined }
  if (phase === 'loading') return <PageHead title={w.title} note={m.connection.loading} />
  return (
    <>
      <PageHead title={w.title} />
      <div className="grid items-start gap-3.5 xl:grid-cols-[minmax(0,1fr)_minmax(0,420px)]">
        <form
          ref={page}
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
            onType={(type) => change({ type, source: undefined, place: undefined, network: undefined, ...sizeless })}
          />
          {form.catalog.error ? <ErrorNote>{errorText(form.catalog.error)}</ErrorNote> : null}
          {!profile && <ImageSource form={form} onChange={change} />}
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label={w.name}
              hint={place?.info.names?.words ?? w.nameHint}
              error={fault ?? errors.name}
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
              mono
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
            />
            <SelectField
              label={w.host}
              value={place ? placeKey(place) : ''}
              onChange={(event) => change({ place: event.target.value, network: undefined, source: undefined, ...sizeless })}
              hint={room(form.catalog.data)}
              error={errors.host}
            >
              {form.places.map((each) => (
                <option key={placeKey(each)} value={placeKey(each)}>
                  {each.host.name} · {each.info.name}
                </option>
              ))}
              {form.places.length === 0 && <option value="">{w.noEngine}</option>}
            </SelectField>
          </div>
          {profile && form.catalog.data ? (
            form.type === 'jail' ? (
              <JailPart
                {...{ draft, errors, network: form.network, catalog: form.catalog.data, profiles: profile.profiles }}
                onChange={change}
                choice={profile.jail}
                hostArch={form.hostArch}
                limits={profile.limits}
              />
            ) : (
              <VmProfilePart
                {...{ draft, errors, network: form.network, catalog: form.catalog.data, profiles: profile.profiles }}
                onChange={change}
                choice={profile.vm}
              />
            )
          ) : (
            <ImagePart form={form} onChange={change} errors={errors} />
          )}
          <CheckField label={w.autostart} checked={draft.autostart} onChange={(event) => change({ autostart: event.target.checked })} />
          {rest.length > 0 && <ErrorNote>{rest.join('\n')}</ErrorNote>}
          <div className="flex gap-2">
            <Button type="submit" look="primary" allowed={ready} aria-busy={sending}>
              {w.createStart}
            </Button>
            <Button allowed={ready} onClick={() => void submit(false)}>
              {w.createOnly}
            </Button>
          </div>
        </form>
        <CommandsAside
          host={place?.host.name ?? ''}
          plan={draft.name ? plan : undefined}
          error={draft.name ? planError : null}
          waiting={waiting}
        />
      </div>
    </>
  )
}

/** The room that is left where the guest will live. */
function room(catalog: Catalog | undefined): string | undefined {
  if (!catalog) return undefined
  const memory = catalog.limits.memoryFreeBytes
  const disk = catalog.pools.reduce<number | undefined>(
    (most, pool) => (pool.freeBytes === undefined ? most : Math.max(most ?? 0, pool.freeBytes)),
    undefined,
  )
  return w.free(memory === undefined ? '' : formatBytes(memory), disk === undefined ? '' : formatBytes(disk)) || undefined
}
