import { m } from '@/components/messages'
import { ButtonLink } from '@/components/ui/button'
import { Empty } from '@/components/ui/card'
import { SelectField, TextField } from '@/components/ui/field'
import { AccessPart } from './access-part'
import { SourcePart } from './source-part'
import type { CreateForm, Draft } from './use-create-form'

const w = m.create
const h = m.guest.hardware

/** The inputs of this part, by the names that the server knows them by. */
export const imageFields = ['cpus', 'memoryBytes', 'diskBytes', 'network', 'access.user', 'access.password', 'access.sshKeys']

type Props = { form: CreateForm; onChange: (change: Partial<Draft>) => void; errors: Record<string, string> }

/** What a guest starts from, where the engine makes guests from images. */
export function ImageSource({ form, onChange }: Omit<Props, 'errors'>) {
  const { choices, source } = form.image
  return (
    <>
      {form.place && form.catalog.data && !choices.some((each) => each.kind !== 'empty') && (
        <Empty title={w.noImages} text={w.noImagesText}>
          <ButtonLink href="/images" look="primary">
            {w.toImages}
          </ButtonLink>
        </Empty>
      )}
      <SourcePart
        choices={choices}
        chosen={source}
        arches={form.place?.info.arches ?? []}
        onChoose={(next) => onChange({ source: next, disk: undefined, memory: undefined, cpus: undefined })}
      />
    </>
  )
}

/** Size, network and access of a guest from an image. */
export function ImagePart({ form, onChange, errors }: Props) {
  const { source, arch, texts, wrong, cloudInit } = form.image
  const arches = form.place?.info.arches ?? []
  const keepsSnapshots = source?.kind === 'image' && source.image.kind === 'kernel'
  return (
    <>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <TextField
          label={w.cpus}
          value={texts.cpus}
          inputMode="numeric"
          onChange={(event) => onChange({ cpus: event.target.value })}
          error={wrong.cpus ? h.badNumber : errors.cpus}
        />
        <TextField
          label={w.memory}
          value={texts.memory}
          onChange={(event) => onChange({ memory: event.target.value })}
          error={wrong.memoryBytes ? h.badSize : errors.memoryBytes}
        />
        <TextField
          label={w.disk}
          value={texts.disk}
          placeholder={form.type === 'container' ? w.noDiskLimit : w.noDisk}
          hint={
            texts.disk && !keepsSnapshots
              ? undefined
              : form.type === 'container'
                ? w.noLimit
                : keepsSnapshots
                  ? w.noDiskKernelHint
                  : w.noDiskHint
          }
          onChange={(event) => onChange({ disk: event.target.value })}
          error={wrong.diskBytes ? h.badSize : errors.diskBytes}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label={w.network}
          value={form.network}
          onChange={(event) => onChange({ network: event.target.value })}
          error={errors.network}
          hint={form.noNetworks && <span className="break-words">{form.noNetworks}</span>}
        >
          {form.networks.map((network) => (
            <option key={network.name} value={network.name}>
              {network.title || network.name}
            </option>
          ))}
          <option value="">{w.noNetwork}</option>
        </SelectField>
        {source?.kind === 'empty' && form.type === 'vm' && (
          <SelectField
            label={w.arch}
            value={arch}
            onChange={(event) => onChange({ arch: arches.find((each) => each.arch === event.target.value)?.arch })}
            hint={arches.find((each) => each.arch === arch)?.why}
          >
            {arches.map((each) => (
              <option key={each.arch} value={each.arch}>
                {each.arch}
                {each.accel === 'tcg' ? ` · ${w.emulated}` : ''}
              </option>
            ))}
          </SelectField>
        )}
      </div>
      <AccessPart draft={form.draft} enabled={cloudInit} onChange={onChange} errors={errors} />
    </>
  )
}
