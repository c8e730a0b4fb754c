import { AppError } from '@/server/errors'
import { ruleAgainst } from '@/server/model/can'
import type { GuestOperation, Operation } from '@/server/model/operation'
import type { Argv, Expectation, Plan, Step } from '@/server/model/plan'
import { type Command, cbsdArgv, checkedPath, type Options, type Values } from './argv'
import { guestRules, plurals } from './guest-rules'
import { type CbsdHost, type Found, type Known, letterOf } from './types'

export type On<K extends Operation['kind']> = Extract<Operation, { kind: K }>

/** What creating a guest comes to, before it is wrapped in the steps that every creation has. */
export type Making = {
  letter: 'j' | 'b' | 'q'
  steps: Step[]
  fields: { cpus?: number; memoryBytes?: number; autostart?: boolean }
  warnings: string[]
}

export const minute = 60_000
export const hour = 60 * minute
/** Mirrors are slow and images large: a first start that has to fetch one is left alone for this long. */
export const downloadMs = 6 * hour
/** Copying disks. */
export const copyMs = 4 * hour
/** How long a guest may take to shut down before CBSD ends it, seconds. */
export const stopSeconds = 60

/** Codes of commands that say 0 or 1 without meaning it: what is seen afterwards decides. */
export const anyCode = [0, 1, 2, 3]

export const refuse = (words: string, field?: string) => new AppError('refused', words, field)
export const invalid = (words: string, field?: string) => new AppError('invalid', words, field)

/** A step that runs a command of CBSD. */
export function step(
  cbsd: CbsdHost,
  title: string,
  command: Command,
  values: Values,
  more: Partial<Step> & Pick<Extract<Step, { argv: Argv }>, 'okCodes' | 'otherwise'> & Options = {},
): Step {
  const { origins, alwaysYes, ask, ...rest } = more
  const argv = cbsdArgv(cbsd, command, values, { origins, alwaysYes, ask })
  return { title, argv, timeoutMs: 5 * minute, ...rest }
}

export const guestIs = (found: Found, ...states: NonNullable<Extract<Expectation, { kind: 'guest' }>['states']>): Expectation => ({
  kind: 'guest',
  name: found.name,
  states,
})

export const plan = (steps: Step[], expect: Expectation, locks: string[], warnings: string[] = []): Plan => ({
  steps,
  expect,
  warnings,
  locks,
})
export const lockOf = (name: string) => `guest:${name}`

/** The guest of that name. Throws `not-found`. */
export function find(known: Known, name: string): Found {
  const found = known.guests.find((each) => each.name === name)
  if (!found) throw new AppError('not-found', `There is no guest ${name} on this host`, 'operation.name')
  return found
}

/** What a guest is called in sentences: "Jails", "QEMU guests". */
export function plural(found: Found): string {
  return found.kind === 'jail' ? 'jails' : plurals[found.engine]
}

/** Throws `refused` with the reason where CBSD cannot do this to such a guest, or not while it is as it is. */
export function demandAllowed(kind: GuestOperation['kind'], found: Found): void {
  const against = ruleAgainst(guestRules, kind, found.guest)
  if (against) throw refuse(against)
}

/** The letter of a jail or a bhyve VM: others have no such commands, and were refused before. */
export function jailOrBhyve(found: Found): 'j' | 'b' {
  const letter = letterOf(found)
  if (letter === 'j' || letter === 'b') return letter
  throw refuse(`CBSD has no such command for ${plural(found)}`)
}

/** Throws `refused` unless the guest is off. */
export function demandOff(found: Found, why: string): void {
  if (found.guest.state !== 'stopped' && found.guest.state !== 'crashed') throw refuse(`Stop it first: ${why}`)
}

/** A path under the working directory, checked: an empty one would lead to the root of the host. */
export function under(cbsd: CbsdHost, ...parts: string[]): string {
  const { workdir } = cbsd.node
  if (!/^\/[^/]/.test(workdir)) throw refuse('CBSD’s working directory is not known')
  return checkedPath([workdir, ...parts].join('/'))
}

/** Shows the ends of those log files that exist. The text is constant; the files are its arguments. */
const showLogs = 'for file do [ -r "$file" ] && { echo "== $file"; tail -n 40 "$file"; }; done; :'
export const logs = (...files: string[]): Argv => ['/bin/sh', '-c', showLogs, 'sh', ...files]
