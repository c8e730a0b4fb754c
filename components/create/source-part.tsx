import { m } from '@/components/messages'
import type { ArchSupport } from '@/server/model/capability'
import { formatBytes } from '@/server/model/size'
import { type Source, sourceKey } from './defaults'

type Props = { choices: readonly Source[]; chosen: Source | undefined; arches: readonly ArchSupport[]; onChoose: (key: string) => void }

/** What the guest starts from, as cards; an emulated architecture is named as such, with the reason. */
export function SourcePart({ choices, chosen, arches, onChoose }: Props) {
  if (choices.length === 0) return null
  return (
    <fieldset>
      <legend className="mb-1 text-muted text-sm">{m.create.from}</legend>
      <div className="grid grid-cols-1 gap-2.5 sm:grid-cols-2 lg:grid-cols-3">
        {choices.map((source) => {
          const key = sourceKey(source)
          const { title, text, why } = words(source, arches)
          return (
            <label
              key={key}
              title={why}
              className="block min-w-0 rounded-lg border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="source"
                value={key}
                checked={chosen !== undefined && sourceKey(chosen) === key}
                onChange={() => onChoose(key)}
                className="sr-only"
              />
              <span className="block break-words font-semibold">{title}</span>
              <span className="block text-muted">{text}</span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}

function words(source: Source, arches: readonly ArchSupport[]): { title: string; text: string; why?: string } {
  if (source.kind === 'empty') return { title: m.create.emptyDisk, text: m.create.emptyDiskText }
  const { image } = source
  const support = image.kind === 'container' ? undefined : arches.find((each) => each.arch === image.arch)
  const foreign =
    support?.accel === 'tcg' && arches.some((each) => each.accel === 'kvm' || each.arch !== image.arch) && image.arch !== arches[0]?.arch
  const text = [
    source.kind === 'iso' ? m.image.kind.iso : '',
    image.arch,
    foreign ? m.create.emulated : formatBytes(image.virtualBytes ?? image.sizeBytes),
    !foreign && support?.accel === 'tcg' && m.guest.facts.emulated,
  ]
    .filter(Boolean)
    .join(' · ')
  return { title: image.title, text, why: support?.why }
}
