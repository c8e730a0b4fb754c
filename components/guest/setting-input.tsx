'use client'
import { cbsd } from '@/components/messages/cbsd'
import type { GuestSetting } from '@/server/model/guest'

const w = cbsd.guest.settings

type Props = {
  setting: GuestSetting
  /** What was typed or chosen; absent: nothing yet. */
  typed: string | undefined
  /** Why it cannot be changed now. */
  refusal: string | null
  error: string | undefined
  onType: (value: string) => void
}

/** The pairs of words with which engines say yes and no. A value that is none of them is edited as text. */
const pairs = [
  ['0', '1'],
  ['no', 'yes'],
  ['NO', 'YES'],
  ['false', 'true'],
  ['off', 'on'],
] as const

/** What a value means where that is not plain: CBSD's "0" of something that is no number is "not set". */
export const valueWords = ({ type, named }: GuestSetting, value: string): string | undefined =>
  wordsFor(named, value) ?? (value === '0' && type === undefined ? w.empty : undefined)

const wordsFor = (named: GuestSetting['named'], value: string): string | undefined =>
  named && Object.hasOwn(named, value) ? named[value] : undefined

/** What a value may be, with the words for each; null: any text. */
export function choices({ type, value, named }: GuestSetting): { value: string; label: string }[] | null {
  if (type === 'boolean') {
    const pair = pairs.find(([no, yes]) => value === no || value === yes) ?? (value === '' ? pairs[0] : null)
    return (
      pair && [
        { value: pair[0], label: w.off },
        { value: pair[1], label: w.on },
      ]
    )
  }
  if (typeof type !== 'object') return null
  // A value that the list does not know is kept to be seen.
  return [...new Set([value, ...type.options])].map((each) => ({ value: each, label: wordsFor(named, each) ?? (each || w.empty) }))
}

/** One setting as what it takes: a choice, a number, a line of text; plain where it is not changed here. */
export function SettingInput({ setting, typed, refusal, error, onType }: Props) {
  const { key, value, applies, type } = setting
  if (applies === 'never')
    return <span className="break-all font-mono text-sm leading-[28px]">{valueWords(setting, value) ?? (value || w.empty)}</span>
  const now = typed ?? value
  const isChanged = typed !== undefined && typed !== value
  const wiring = {
    'aria-label': key,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': error ? `setting-${key}` : undefined,
    title: refusal ?? undefined,
    className: `field h-[28px] min-h-0 py-0 font-mono text-sm ${isChanged ? 'border-accent' : ''}`,
  }
  const offered = choices(setting)
  const secret = /password|_pw_/.test(key)
  const means = offered ? undefined : valueWords(setting, now)
  return (
    <>
      <span className="flex items-center gap-1">
        {offered ? (
          <select {...wiring} disabled={refusal !== null} value={now} onChange={(event) => onType(event.target.value)}>
            {offered.map((each) => (
              <option key={each.value} value={each.value}>
                {each.label}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...wiring}
            readOnly={refusal !== null}
            value={now}
            inputMode={type === 'number' ? 'numeric' : undefined}
            // What is secret is never sent here: an empty field says nothing about it.
            type={secret ? 'password' : undefined}
            placeholder={secret ? w.secret : w.empty}
            onChange={(event) => onType(event.target.value)}
            autoComplete={secret ? 'new-password' : 'off'}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        {isChanged && (
          <button
            type="button"
            aria-label={w.back(key)}
            title={w.back(key)}
            onClick={() => onType(value)}
            className="px-1 text-muted hover:text-text"
          >
            ↺
          </button>
        )}
      </span>
      {means && !error && <span className="block text-muted text-sm">{w.means(means)}</span>}
      {error && (
        <p id={`setting-${key}`} role="alert" className="mt-0.5 text-bad text-sm">
          <span aria-hidden>✕ </span>
          {error}
        </p>
      )}
    </>
  )
}
