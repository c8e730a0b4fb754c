import { m } from '@/components/messages'
import { Field, TextField } from '@/components/ui/field'
import { faultOf } from './typed'

type Access = { user?: string; password: string; key: string }
type Props = {
  draft: Access
  enabled: boolean
  onChange: (change: Partial<Access>) => void
  errors: Record<string, string>
  /** The account that is made when nothing else is said. */
  user?: string
  /** Why nothing can be set. */
  off?: string
  hint?: string
}

const w = m.create

/** How a person gets in, where cloud-init can be told. */
export function AccessPart({ draft, enabled, onChange, errors, user = 'debian', off = w.accessOff, hint = w.accessHint }: Props) {
  return (
    <fieldset disabled={!enabled}>
      <legend className="mb-1 text-muted text-sm">{w.access}</legend>
      {enabled ? (
        <>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label={w.user}
              value={draft.user ?? user}
              onChange={(event) => onChange({ user: event.target.value })}
              error={errors['access.user']}
              mono
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
            <TextField
              label={w.password}
              type="password"
              value={draft.password}
              onChange={(event) => onChange({ password: event.target.value })}
              error={errors['access.password']}
              autoComplete="new-password"
            />
          </div>
          <Field label={w.key} hint={hint} error={faultOf(errors, 'access.sshKeys')} className="mt-3">
            {(wiring) => (
              <textarea
                {...wiring}
                rows={2}
                value={draft.key}
                onChange={(event) => onChange({ key: event.target.value })}
                className="field font-mono text-sm"
                spellCheck={false}
              />
            )}
          </Field>
        </>
      ) : (
        <p className="text-muted">{off}</p>
      )}
    </fieldset>
  )
}
