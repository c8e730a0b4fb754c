import { m } from '@/components/messages'
import { Field, TextField } from '@/components/ui/field'
import type { Draft } from './use-create-form'

type Props = { draft: Draft; enabled: boolean; onChange: (change: Partial<Draft>) => void; errors: Record<string, string> }

const w = m.create

/** How a person gets in, where cloud-init can be told. */
export function AccessPart({ draft, enabled, onChange, errors }: Props) {
  return (
    <fieldset disabled={!enabled}>
      <legend className="mb-1 text-muted text-sm">{w.access}</legend>
      {enabled ? (
        <>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label={w.user}
              value={draft.user ?? 'debian'}
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
          <Field label={w.key} hint={w.accessHint} error={errors['access.sshKeys.0'] ?? errors['access.sshKeys']} className="mt-3">
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
        <p className="text-muted">{w.accessOff}</p>
      )}
    </fieldset>
  )
}
