import { live, useEngineInfo } from '@/components/live/live'
import { m } from '@/components/messages'
import type { EngineInfo } from '@/server/model/capability'
import { type Guest, guestId } from '@/server/model/guest'
import { wrongName } from '@/server/model/names'

type Place = Pick<Guest, 'host' | 'engine'>

/** What is wrong with a name for a new guest, as far as it can be told at once: the engine's own rule, and whether it is taken. */
export function nameFault(name: string, rule: EngineInfo['names'], taken: boolean): string | undefined {
  if (!name) return undefined
  if (taken) return m.create.taken(name)
  if (!rule) return wrongName(name) ?? undefined
  const whole = new RegExp(`^(?:${rule.pattern})$`)
  // A character that the engine refuses between two letters is what is wrong; else it is the length.
  const fault = wrongName(name, { words: rule.words, allows: (character) => whole.test(`a${character}a`) })
  return fault ?? (whole.test(name) ? undefined : rule.words)
}

export const isTaken = (place: Place, name: string): boolean => live.guest(guestId(place.host, place.engine, name)) !== undefined

/** The rule for a new name beside a guest, in words, and what is wrong with this one. */
export function useNameRule(guest: Guest, name: string): { hint: string; fault: string | undefined } {
  const rule = useEngineInfo(guest)?.names
  return { hint: rule?.words ?? m.create.nameHint, fault: nameFault(name, rule, isTaken(guest, name)) }
}
