import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { SelectField, TextField } from '@/components/ui/field'
import type { ProfileCatalog } from '@/server/model/catalog'
import { formatBytes } from '@/server/model/size'
import { AccessPart } from './access-part'
import { AddressPart } from './address-part'
import { InterfaceField, type PartProps } from './jail-part'
import { usualUser, type VmChoice } from './profile-draft'
import { ProfilePicker } from './profile-picker'

const w = cbsd.create

/** The inputs of this part, by the names that the server knows them by. */
export const vmFields = [
  ...['hypervisor', 'profile', 'flavour', 'cpus', 'memoryBytes', 'diskBytes', 'network', 'address', 'gateway'],
  ...['access.user', 'access.password', 'access.sshKeys'],
]

/** A VM from a profile: on which hypervisor, which system, how large, and how a person gets in. */
export function VmProfilePart({ draft, onChange, errors, catalog, profiles, network, choice }: PartProps & { choice: VmChoice }) {
  const { hypervisor, list, profile, flavour } = choice
  const cloud = profile?.cloud ?? false
  const least = profile?.minDiskBytes
  const diskFault =
    choice.diskBytes === null
      ? choice.texts.disk.trim()
        ? m.guest.hardware.badSize
        : w.needsDisk
      : least && choice.diskBytes < least
        ? w.least(formatBytes(least))
        : undefined
  return (
    <>
      <Hypervisors profiles={profiles} chosen={hypervisor?.id} onChoose={(id) => onChange({ hypervisor: id })} />
      {errors.hypervisor && <p className="text-bad text-sm">✕ {errors.hypervisor}</p>}
      <ProfilePicker
        list={list}
        chosen={profile}
        hypervisor={hypervisor?.title ?? ''}
        onChoose={(id) => onChange({ profile: id, disk: undefined, user: undefined })}
      />
      {errors.profile && <p className="text-bad text-sm">✕ {errors.profile}</p>}
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {profiles.flavours.length > 0 && (
          <SelectField
            label={w.flavour}
            value={flavour?.id ?? ''}
            error={errors.flavour}
            onChange={(event) => onChange({ flavour: event.target.value || undefined })}
          >
            <option value="">{w.ownSize}</option>
            {profiles.flavours.map((each) => (
              <option key={each.id} value={each.id}>
                {`${each.id}: ${w.flavourSize(m.count.cpus(each.cpus), formatBytes(each.memoryBytes), formatBytes(each.diskBytes))}`}
              </option>
            ))}
          </SelectField>
        )}
        <TextField
          label={m.create.cpus}
          value={choice.texts.cpus}
          disabled={flavour !== undefined}
          inputMode="numeric"
          onChange={(event) => onChange({ cpus: event.target.value })}
          error={choice.cpus === null ? m.guest.hardware.badNumber : errors.cpus}
        />
        <TextField
          label={m.create.memory}
          value={choice.texts.memory}
          disabled={flavour !== undefined}
          onChange={(event) => onChange({ memory: event.target.value })}
          error={choice.memoryBytes === null ? m.guest.hardware.badSize : errors.memoryBytes}
        />
        <TextField
          label={m.create.disk}
          value={choice.texts.disk}
          disabled={flavour !== undefined}
          onChange={(event) => onChange({ disk: event.target.value })}
          error={diskFault ?? errors.diskBytes}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <InterfaceField catalog={catalog} network={network} errors={errors} onChange={onChange} />
        {cloud && <AddressPart draft={draft} onChange={onChange} errors={errors} pool={profiles.addressPool} gateway={true} />}
      </div>
      <AccessPart
        draft={draft}
        enabled={cloud}
        onChange={onChange}
        errors={errors}
        user={usualUser(profile)}
        off={w.cloudOnly}
        hint={w.accessHint}
      />
    </>
  )
}

type HypervisorProps = { profiles: ProfileCatalog; chosen: string | undefined; onChoose: (id: 'bhyve' | 'qemu') => void }

/** Which program runs the VM; one that cannot says why. */
function Hypervisors({ profiles, chosen, onChoose }: HypervisorProps) {
  const refused = profiles.hypervisors.flatMap((each) => (each.allowed === true ? [] : [`${each.title}: ${each.allowed}`]))
  return (
    <fieldset>
      <legend className="mb-1 text-muted text-sm">{w.hypervisor}</legend>
      <div className="flex flex-wrap gap-2">
        {profiles.hypervisors.map((each) => (
          <label
            key={each.id}
            title={each.allowed === true ? undefined : each.allowed}
            className="flex h-[30px] items-center rounded-md border border-line-strong px-3 has-checked:border-accent has-checked:bg-accent-soft has-disabled:opacity-55 has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="hypervisor"
              value={each.id}
              checked={chosen === each.id}
              disabled={each.allowed !== true}
              onChange={() => onChoose(each.id)}
              className="sr-only"
              aria-describedby={each.allowed === true ? undefined : 'hypervisor-refused'}
            />
            {each.title}
          </label>
        ))}
      </div>
      {refused.length > 0 && (
        <p id="hypervisor-refused" className="mt-1 text-muted text-sm">
          {refused.join(' · ')}
        </p>
      )}
    </fieldset>
  )
}
