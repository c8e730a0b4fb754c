import { m } from '@/components/messages'
import { CheckField, TextField } from '@/components/ui/field'
import type { HostFormState } from './use-host-form'

const w = m.host

/** Which engines to look for on a host, and where theirs are not in the usual place. */
export function EnginesPart({ state: { form, change, errors } }: { state: HostFormState }) {
  const rows = [
    { on: 'libvirt', text: 'libvirtUri', title: w.kinds.libvirt, label: w.uri, hint: w.uriHint },
    { on: 'incus', text: 'incusDir', title: w.kinds.incus, label: w.incus, hint: w.incusHint },
    { on: 'cbsd', text: 'cbsdWorkdir', title: w.kinds.cbsd, label: w.cbsd, hint: w.cbsdHint },
  ] as const
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-muted text-sm">{w.lookFor}</legend>
      {rows.map(({ on, text, title, label, hint }) => (
        <div key={on} className="grid items-start gap-x-3 gap-y-1 sm:grid-cols-[96px_minmax(0,1fr)]">
          <div className="sm:pt-[22px]">
            <CheckField label={title} checked={form[on]} onChange={(event) => change({ [on]: event.target.checked })} />
          </div>
          {form[on] && (
            <TextField
              label={label}
              hint={hint}
              value={form[text]}
              onChange={(event) => change({ [text]: event.target.value })}
              error={errors[text]}
              mono
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </div>
      ))}
    </fieldset>
  )
}
