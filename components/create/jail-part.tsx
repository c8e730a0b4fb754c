import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { CheckField, Field, SelectField, TextField } from '@/components/ui/field'
import type { Allowed } from '@/server/model/capability'
import type { Catalog, JailProfile, ProfileCatalog } from '@/server/model/catalog'
import { parseSize } from '@/server/model/size'
import { AddressPart } from './address-part'
import type { JailChoice, ProfileDraft, Shared } from './profile-draft'
import { faultOf, wholeNumber } from './typed'

const w = cbsd.create
const j = w.jail

export type PartProps = {
  draft: ProfileDraft & Shared
  onChange: (change: Partial<ProfileDraft & Shared & { network: string }>) => void
  errors: Record<string, string>
  catalog: Catalog
  profiles: ProfileCatalog
  network: string
}

/** The inputs of this part, by the names that the server knows them by. */
export const jailFields = [
  ...['profile', 'release', 'emulate', 'hostName', 'vnet', 'address', 'gateway', 'network', 'ownBase', 'packages', 'sshKeys'],
  ...['cpuPercent', 'memoryBytes', 'diskBytes'],
]

type Props = PartProps & { choice: JailChoice; hostArch: string; limits: Allowed }

/** A jail: of which profile and base, with which network, what is in it from the start, and what it may use. */
export function JailPart({ draft, onChange, errors, catalog, profiles, network, choice, hostArch, limits }: Props) {
  const linux = choice.profile?.linux ?? false
  const vnet = profiles.vnet === true && (draft.vnet ?? false)
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField
          label={j.profile}
          value={choice.profile?.id ?? ''}
          error={errors.profile}
          hint={choice.profile && choice.profile.title !== choice.profile.id ? choice.profile.title : undefined}
          onChange={(event) => onChange({ jailProfile: event.target.value })}
        >
          <ProfileGroup title={j.freebsd} list={profiles.jail.filter((each) => !each.linux)} />
          <ProfileGroup title={j.linux} list={profiles.jail.filter((each) => each.linux)} />
        </SelectField>
        <SelectField
          label={j.release}
          value={choice.release}
          disabled={linux}
          error={errors.release}
          hint={linux ? j.ownOfLinux : choice.known && !choice.known.present ? j.fetched : undefined}
          onChange={(event) => onChange({ release: event.target.value })}
        >
          <option value="native">{j.native}</option>
          {choice.releases.map((each) => (
            <option key={each.version} value={each.version}>
              {j.releaseOf(each.version, each.arch, each.present)}
            </option>
          ))}
          <option value="empty">{j.empty}</option>
        </SelectField>
        <SelectField
          label={j.emulate}
          value={linux ? '' : (draft.emulate ?? '')}
          disabled={linux || profiles.jailArches.length === 0}
          error={errors.emulate}
          hint={profiles.jailArches.length === 0 ? j.noForeign : undefined}
          onChange={(event) => onChange({ emulate: emulations.find((each) => each === event.target.value), release: undefined })}
        >
          <option value="">{j.hostArch(hostArch)}</option>
          {emulations
            .filter((each) => profiles.jailArches.includes(each))
            .map((each) => (
              <option key={each} value={each}>
                {j.emulated(each)}
              </option>
            ))}
        </SelectField>
      </div>
      <div className="grid gap-x-3 gap-y-1.5 sm:grid-cols-2">
        <CheckField
          label={j.ownBase}
          hint={linux ? j.ownOfLinux : j.ownBaseHint}
          checked={linux || (draft.ownBase ?? false)}
          disabled={linux}
          onChange={(event) => onChange({ ownBase: event.target.checked })}
        />
        <CheckField
          label={j.vnet}
          hint={profiles.vnet === true ? j.vnetHint : profiles.vnet}
          checked={vnet}
          disabled={profiles.vnet !== true}
          onChange={(event) => onChange({ vnet: event.target.checked })}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <InterfaceField catalog={catalog} network={network} errors={errors} onChange={onChange} />
        <AddressPart draft={draft} onChange={onChange} errors={errors} pool={profiles.addressPool} gateway={vnet || w.gatewayOff} />
        <TextField
          label={j.hostName}
          value={draft.hostName ?? ''}
          placeholder={m.common.optional}
          error={errors.hostName}
          onChange={(event) => onChange({ hostName: event.target.value })}
          mono
          autoComplete="off"
          spellCheck={false}
        />
        <TextField
          label={j.packages}
          hint={j.packagesHint}
          value={draft.packages ?? ''}
          placeholder={m.common.optional}
          error={faultOf(errors, 'packages')}
          onChange={(event) => onChange({ packages: event.target.value })}
          mono
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <Field label={j.keys} hint={j.keysHint} error={faultOf(errors, 'sshKeys')}>
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
      <Limits draft={draft} errors={errors} onChange={onChange} allowed={limits} />
    </>
  )
}

const emulations = ['aarch64', 'armv7', 'ppc64', 'mips64', 'riscv64'] as const

const ProfileGroup = ({ title, list }: { title: string; list: readonly JailProfile[] }) =>
  list.length === 0 ? null : (
    <optgroup label={title}>
      {list.map((each) => (
        <option key={each.id} value={each.id}>
          {each.id}
        </option>
      ))}
    </optgroup>
  )

/** Which card or bridge of the host it hangs on. */
export function InterfaceField({ catalog, network, errors, onChange }: Pick<PartProps, 'catalog' | 'network' | 'errors' | 'onChange'>) {
  return (
    <SelectField label={w.interface} value={network} error={errors.network} onChange={(event) => onChange({ network: event.target.value })}>
      {catalog.networks.map((each) => (
        <option key={each.name} value={each.name}>
          {each.title || each.name}
        </option>
      ))}
      <option value="">{w.noInterface}</option>
    </SelectField>
  )
}

const h = m.guest.hardware
const unread = (text: string | undefined, read: (text: string) => number | null) => Boolean(text?.trim()) && read(text ?? '') === null

function Limits({ draft, errors, onChange, allowed }: Pick<PartProps, 'draft' | 'errors' | 'onChange'> & { allowed: Allowed }) {
  if (allowed !== true) return <p className="text-muted">{j.limitsOff(allowed)}</p>
  const field = (key: 'cpuPercent' | 'jailMemory' | 'jailDisk', label: string, error: string | undefined) => (
    <TextField
      label={label}
      value={draft[key] ?? ''}
      placeholder={j.noLimit}
      error={error}
      onChange={(event) => onChange({ [key]: event.target.value })}
      autoComplete="off"
    />
  )
  return (
    <fieldset>
      <legend className="mb-1 text-muted text-sm">{j.limits}</legend>
      <div className="grid grid-cols-3 gap-3">
        {field('cpuPercent', j.cpuPercent, unread(draft.cpuPercent, wholeNumber) ? h.badNumber : errors.cpuPercent)}
        {field('jailMemory', j.memory, unread(draft.jailMemory, parseSize) ? h.badSize : errors.memoryBytes)}
        {field('jailDisk', j.disk, unread(draft.jailDisk, parseSize) ? h.badSize : errors.diskBytes)}
      </div>
    </fieldset>
  )
}
