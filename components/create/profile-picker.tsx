'use client'
import { useEffect, useRef, useState } from 'react'
import { cbsd } from '@/components/messages/cbsd'
import type { VmProfile } from '@/server/model/catalog'
import { formatBytes } from '@/server/model/size'

const w = cbsd.create.profiles

type Props = {
  list: readonly VmProfile[]
  chosen: VmProfile | undefined
  hypervisor: string
  onChoose: (id: string) => void
  /** Without the words on what a VM of it does at its first start. */
  brief?: boolean
}

/** The profiles that fit what was typed: every word occurs in the title, the system or the id. */
export function matching(list: readonly VmProfile[], text: string): VmProfile[] {
  const words = text.toLowerCase().split(/\s+/)
  return list
    .filter((each) => words.every((word) => `${each.title} ${each.osType} ${each.id}`.toLowerCase().includes(word)))
    .sort((a, b) => a.title.localeCompare(b.title, 'en', { numeric: true }))
}

/** Well over a hundred profiles: cloud images and ISOs apart, with a filter over each; arrow keys walk the list. */
export function ProfilePicker({ list, chosen, hypervisor, onChoose, brief }: Props) {
  const [text, setText] = useState('')
  const [side, setSide] = useState<boolean | null>(null)
  const cloud = side ?? chosen?.cloud ?? true
  const own = list.filter((each) => each.cloud === cloud)
  const shown = matching(own, text)
  const box = useRef<HTMLDivElement>(null)
  // What is chosen stands in sight when its list is opened.
  useEffect(() => {
    const input = box.current?.querySelector<HTMLElement>(`input[value="${cloud ? 'cloud' : 'iso'}"], input:checked`)
    const row = input?.closest('label')
    if (row && box.current) box.current.scrollTop = row.offsetTop - box.current.clientHeight / 2
  }, [cloud])
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-muted text-sm">{cbsd.create.profile}</legend>
      <div className="rounded-lg border border-line-strong">
        <div className="flex flex-wrap items-center gap-2 border-line border-b p-2">
          {[true, false].map((each) => (
            <button
              key={String(each)}
              type="button"
              aria-pressed={cloud === each}
              onClick={() => setSide(each)}
              className="h-[26px] rounded-md border border-line-strong px-2 text-sm aria-pressed:border-accent aria-pressed:bg-accent-soft"
            >
              {each ? w.cloud : w.iso}
            </button>
          ))}
          <input
            type="search"
            aria-label={w.filter}
            placeholder={w.filter}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              // Enter takes the first match instead of sending the form.
              if (event.key !== 'Enter') return
              event.preventDefault()
              if (shown[0]) onChoose(shown[0].id)
            }}
            className="field h-[26px] min-h-0 min-w-[150px] flex-1 text-sm"
          />
          <span className="text-muted text-sm" aria-live="polite">
            {w.count(shown.length, own.length)}
          </span>
        </div>
        <div ref={box} role="radiogroup" aria-label={w.label} className="relative max-h-[200px] overflow-y-auto py-1">
          {list.length === 0 ? (
            <p className="px-3 py-2 text-muted">{w.noneFor(hypervisor)}</p>
          ) : shown.length === 0 ? (
            <p className="px-3 py-2 text-muted">{w.none}</p>
          ) : null}
          {shown.map((each) => (
            <label
              key={each.id}
              className="flex items-baseline gap-3 px-3 py-1 hover:bg-hover has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:-outline-offset-2"
            >
              <input
                type="radio"
                name="profile"
                value={each.id}
                checked={chosen?.id === each.id}
                onChange={() => onChoose(each.id)}
                className="sr-only"
              />
              <span className="min-w-0 flex-1 truncate">{each.title}</span>
              <span className="text-muted text-sm">{each.osType}</span>
              <span className="w-16 text-right text-muted text-sm max-md:hidden">
                {each.defaultDiskBytes
                  ? formatBytes(each.defaultDiskBytes)
                  : each.minDiskBytes
                    ? `≥ ${formatBytes(each.minDiskBytes)}`
                    : ''}
              </span>
            </label>
          ))}
        </div>
      </div>
      {chosen && (
        <p className="mt-1 text-muted text-sm">
          <span className="font-mono">{chosen.id}</span>
          {brief ? '' : ` · ${chosen.cloud ? w.fetched : w.fetchedIso}`}
        </p>
      )}
    </fieldset>
  )
}
