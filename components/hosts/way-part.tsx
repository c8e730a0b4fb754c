import { useQuery } from '@tanstack/react-query'
import { m } from '@/components/messages'
import { errorText, trpc } from '@/components/trpc'
import { ErrorNote } from '@/components/ui/card'
import { Copy } from '@/components/ui/copy'
import { SelectField, TextField } from '@/components/ui/field'
import { becomes } from '@/server/model/host'
import type { HostFormState } from './use-host-form'

const w = m.host
const plain = { autoComplete: 'off', spellCheck: false, autoCapitalize: 'off' } as const
const keyKinds = ['own', 'agent', 'file'] as const

/** Address, user and key: how a host is reached over ssh. */
export function WayPart({ state }: { state: HostFormState }) {
  const { form, change, errors } = state
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_92px] gap-3">
        <TextField
          label={w.address}
          hint={w.addressHint}
          value={form.address}
          onChange={(event) => change({ address: event.target.value })}
          error={errors.address}
          mono
          autoFocus={form.address === ''}
          {...plain}
        />
        <TextField
          label={w.port}
          value={form.port}
          onChange={(event) => change({ port: event.target.value })}
          error={errors.port}
          inputMode="numeric"
          {...plain}
        />
      </div>
      <div className="grid grid-cols-2 gap-3">
        <NameField state={state} />
        <TextField
          label={w.user}
          hint={w.userHint}
          value={form.user}
          onChange={(event) => change({ user: event.target.value })}
          error={errors.user}
          mono
          {...plain}
        />
        <SelectField
          label={w.key}
          value={form.keyKind}
          onChange={(event) => change({ keyKind: keyKinds.find((each) => each === event.target.value) ?? 'own' })}
          error={errors.key}
        >
          {keyKinds.map((each) => (
            <option key={each} value={each}>
              {w.keys[each]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={w.become}
          hint={form.become === 'none' ? undefined : w.becomeHint}
          value={form.become}
          onChange={(event) => change({ become: becomes.find((each) => each === event.target.value) ?? 'none' })}
          error={errors.become}
        >
          {becomes.map((each) => (
            <option key={each} value={each}>
              {w.becomes[each]}
            </option>
          ))}
        </SelectField>
      </div>
      {form.keyKind === 'agent' && <p className="text-muted text-sm">{w.agentText}</p>}
      {form.keyKind === 'own' && <OwnKey user={form.user} address={form.address} />}
      {form.keyKind === 'file' && (
        <TextField
          label={w.keyPath}
          hint={w.keyPathHint}
          value={form.keyPath}
          onChange={(event) => change({ keyPath: event.target.value })}
          error={errors.keyPath}
          mono
          {...plain}
        />
      )}
    </>
  )
}

/** What Bailiwick calls the host. */
export function NameField({ state: { form, change, errors } }: { state: HostFormState }) {
  return (
    <TextField
      label={w.name}
      hint={w.nameHint}
      value={form.name}
      onChange={(event) => change({ name: event.target.value })}
      error={errors.name}
      {...plain}
    />
  )
}

/** The line that lets Bailiwick in. */
function OwnKey({ user, address }: { user: string; address: string }) {
  const { data, error } = useQuery(trpc.host.publicKey.queryOptions())
  if (error) return <ErrorNote>{errorText(error)}</ErrorNote>
  return (
    <div>
      <p className="mb-1 text-muted text-sm">{w.ownKey(user.trim(), address.trim())}</p>
      <div className="flex items-start gap-2 rounded-md bg-side px-2.5 py-1.5">
        <code className="min-w-0 flex-1 break-all font-mono text-sm">{data ?? m.connection.loading}</code>
        {data && <Copy text={data} />}
      </div>
    </div>
  )
}
