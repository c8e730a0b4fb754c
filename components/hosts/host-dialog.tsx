'use client'
import { useEffect, useRef } from 'react'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import type { HostView } from '@/server/model/host'
import { EnginesPart } from './engines-part'
import { Findings } from './findings'
import { formOf, type HostForm, newHostForm } from './host-form'
import { KeyPart } from './key-part'
import { useHostForm } from './use-host-form'
import { NameField, WayPart } from './way-part'

const w = m.host
const ways = ['ssh', 'local'] as const
/** Another address of this machine is mostly one engine's. */
const localPart: Partial<HostForm> = { transport: 'local', incus: false, cbsd: false }
const sshPart: Partial<HostForm> = { transport: 'ssh', incus: true, cbsd: true }

/** Adds a host, or changes the settings of one: fill in, connect, compare its key, test, save. */
export function HostDialog({ host, onClose }: { host?: HostView; onClose: () => void }) {
  const state = useHostForm(host ? formOf(host) : newHostForm, onClose, host?.id)
  const { form, change, errors, doing, findings } = state
  const over = form.transport === 'ssh'
  const needsKey = over && !form.hostKey
  const end = useRef<HTMLDivElement>(null)
  const wrong = Object.keys(errors)[0]
  // What is new may lie outside of what is seen of a long form.
  useEffect(() => {
    if (wrong) end.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [wrong])
  useEffect(() => {
    if (state.shown || findings) end.current?.scrollIntoView({ block: 'nearest' })
  }, [state.shown, findings])
  const submit = () => void (needsKey ? (state.shown ? undefined : state.connect()) : state.save())
  return (
    <Dialog title={host ? w.editTitle(host.name) : w.add} onClose={onClose} wide>
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!doing) submit()
        }}
      >
        {!host && (
          <fieldset>
            <legend className="sr-only">{w.way}</legend>
            <div className="flex gap-2">
              {ways.map((way) => (
                <label
                  key={way}
                  className="flex h-[30px] items-center rounded-md border border-line-strong px-3 has-checked:border-accent has-checked:bg-accent has-checked:text-on-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
                >
                  <input
                    type="radio"
                    name="way"
                    value={way}
                    checked={form.transport === way}
                    onChange={() => change(way === 'ssh' ? sshPart : localPart)}
                    className="sr-only"
                  />
                  {w.ways[way]}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <p className="text-muted">{over ? w.addText : w.localText}</p>
        {over ? <WayPart state={state} /> : <NameField state={state} />}
        <EnginesPart state={state} />
        {over && <KeyPart state={state} pinned={host?.ssh && { hostKey: host.ssh.hostKey, fingerprint: host.fingerprint }} />}
        {findings && <Findings findings={findings} />}
        {state.error && <ErrorNote>{state.error}</ErrorNote>}
        {errors.hostKey && <ErrorNote>{errors.hostKey}</ErrorNote>}
        <div ref={end} className="flex scroll-mb-5 flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          {needsKey ? (
            <Button
              type="submit"
              look={state.shown ? 'plain' : 'primary'}
              allowed={doing === 'test' ? w.trying : true}
              aria-busy={doing === 'connect'}
            >
              {doing === 'connect' ? w.connecting : w.connect}
            </Button>
          ) : (
            <>
              <Button onClick={() => void state.test()} allowed={doing ? w.trying : true} aria-busy={doing === 'test'}>
                {doing === 'test' ? w.trying : w.trial}
              </Button>
              <Button type="submit" look="primary" allowed={doing === 'test' ? w.trying : true} aria-busy={doing === 'save'}>
                {host ? w.save : w.addIt}
              </Button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  )
}
