import { m } from '@/components/messages'
import { type GuestType, guestTypes } from '@/server/model/guest'

type Props = { type: GuestType; offered: (type: GuestType) => true | string; onType: (type: GuestType) => void }

/** VM, jail or container; what no host offers says why. */
export function WhatPart({ type, offered, onType }: Props) {
  const refused = guestTypes.flatMap((each) => {
    const answer = offered(each)
    return answer === true ? [] : [`${m.type[each]}: ${answer || (each === 'jail' ? m.create.jail : m.create.noEngine)}`]
  })
  return (
    <fieldset>
      <legend className="mb-1 text-muted text-sm">{m.create.what}</legend>
      <div className="flex flex-wrap gap-2">
        {guestTypes.map((each) => {
          const answer = offered(each)
          return (
            <label
              key={each}
              title={answer === true ? undefined : answer || m.create.jail}
              className="flex h-[30px] items-center rounded-md border border-line-strong px-3 has-checked:border-accent has-checked:bg-accent has-checked:text-on-accent has-disabled:opacity-55 has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="what"
                value={each}
                checked={type === each}
                disabled={answer !== true}
                onChange={() => onType(each)}
                className="sr-only"
                aria-describedby={answer === true ? undefined : 'what-refused'}
              />
              {m.type[each]}
            </label>
          )
        })}
      </div>
      {refused.length > 0 && (
        <p id="what-refused" className="mt-1 text-muted text-sm">
          {refused.join(' · ')}
        </p>
      )}
    </fieldset>
  )
}
