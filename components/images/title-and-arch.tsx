import { m } from '@/components/messages'
import { SelectField, TextField } from '@/components/ui/field'
import { type Arch, arches } from '@/server/model/guest'

type Props = { title: string; onTitle: (title: string) => void; arch: Arch; onArch: (arch: Arch) => void; error?: string }

/** What an image that is added is called and which processor it is for: asked alike for an address and a file. */
export function TitleAndArch({ title, onTitle, arch, onArch, error }: Props) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <TextField label={m.image.titleField} value={title} onChange={(event) => onTitle(event.target.value)} error={error} />
      <SelectField
        label={m.image.arch}
        value={arch}
        onChange={(event) => onArch(arches.find((each) => each === event.target.value) ?? 'x86_64')}
      >
        {arches.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </SelectField>
    </div>
  )
}
