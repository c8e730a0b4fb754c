import { useId } from 'react'
import { m } from '@/components/messages'
import type { HostFormState } from './use-host-form'

const w = m.host
const rows = [
  { on: 'libvirt', text: 'libvirtUri', title: w.kinds.libvirt, label: w.uri, hint: w.uriHint },
  { on: 'incus', text: 'incusDir', title: w.kinds.incus, label: w.incus, hint: w.incusHint },
  { on: 'cbsd', text: 'cbsdWorkdir', title: w.kinds.cbsd, label: w.cbsd, hint: w.cbsdHint },
] as const

/** Which engines to look for on a host, and where theirs are not in the usual place: a line each. */
export function EnginesPart({ state: { form, change, errors } }: { state: HostFormState }) {
  const id = useId()
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-muted text-sm">{w.lookFor}</legend>
      {rows.map(({ on, text, title, label, hint }) => {
        const error = errors[text]
        return (
          <div key={on} className="grid grid-cols-[84px_minmax(0,1fr)] items-center gap-x-3">
            <label className="flex h-[30px] items-center gap-2">
              <input
                type="checkbox"
                checked={form[on]}
                onChange={(event) => change({ [on]: event.target.checked })}
                className="size-3.5 accent-accent"
              />
              {title}
            </label>
            {form[on] && (
              <input
                aria-label={label}
                aria-invalid={error ? true : undefined}
                aria-describedby={error ? `${id}-${on}` : undefined}
                placeholder={hint}
                value={form[text]}
                onChange={(event) => change({ [text]: event.target.value })}
                autoComplete="off"
                spellCheck={false}
                className="field font-mono text-sm"
              />
            )}
            {error && (
              <p id={`${id}-${on}`} role="alert" className="col-start-2 mt-1 text-bad text-sm">
                <span aria-hidden>✕ </span>
                {error}
              </p>
            )}
          </div>
        )
      })}
    </fieldset>
  )
}
