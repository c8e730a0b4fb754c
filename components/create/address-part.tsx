import { cbsd } from '@/components/messages/cbsd'
import { SelectField, TextField } from '@/components/ui/field'
import type { ProfileDraft } from './profile-draft'

const w = cbsd.create

type Props = {
  draft: ProfileDraft
  onChange: (change: ProfileDraft) => void
  errors: Record<string, string>
  /** The next free address of the host's pool. */
  pool: string | undefined
  /** True, or why this guest has no gateway of its own. */
  gateway: true | string
}

/** An address from the host's pool, or a fixed one with its gateway. */
export function AddressPart({ draft, onChange, errors, pool, gateway }: Props) {
  const fixed = draft.fixed ?? false
  return (
    <>
      <SelectField
        label={w.address}
        value={fixed ? 'fixed' : 'dhcp'}
        hint={fixed || !pool ? undefined : w.dhcpHint(pool)}
        error={fixed ? undefined : errors.address}
        onChange={(event) => onChange({ fixed: event.target.value === 'fixed', address: draft.address ?? pool })}
      >
        <option value="dhcp">{w.dhcp}</option>
        <option value="fixed">{w.static}</option>
      </SelectField>
      {fixed && (
        <TextField
          label={w.addressOf}
          hint={w.addressHint}
          error={errors.address ? w.badAddress : undefined}
          value={draft.address ?? ''}
          onChange={(event) => onChange({ address: event.target.value })}
          mono
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {fixed && (
        <TextField
          label={w.gateway}
          hint={gateway === true ? w.gatewayHint : gateway}
          error={errors.gateway}
          value={draft.gateway ?? ''}
          disabled={gateway !== true}
          onChange={(event) => onChange({ gateway: event.target.value })}
          mono
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </>
  )
}
