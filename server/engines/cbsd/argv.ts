import { AppError } from '@/server/errors'
import type { Become } from '@/server/model/host'
import type { Argv } from '@/server/model/plan'
import type { Value } from './field-rules'
import { type FieldKey, fields, isField } from './fields'
import type { CbsdHost } from './types'

/** What of a CBSD on a host its commands depend on. */
export type Caller = Pick<CbsdHost, 'host' | 'context'>

export type Values = Partial<Record<FieldKey, Value>>
/** Where in the operation a value came from, for the error: a field's name by its key. */
export type Origins = Partial<Record<FieldKey, string>>

/** The commands that Bailiwick plans; argv[1] is never anything else, for `cbsd -c TEXT` and `cbsd /path` would run what they name. */
export type Command =
  | `${'j' | 'b'}${'create' | 'start' | 'stop' | 'restart' | 'remove' | 'clone' | 'rename' | 'set' | 'get' | 'snapshot' | 'export' | 'import'}`
  | `q${'create' | 'start' | 'stop' | 'remove' | 'set' | 'get'}`
  | `${'x' | 'v'}${'start' | 'stop' | 'remove'}`
  | 'xset'
  | 'bpause'
  | 'bcheckpoint'
  | 'bmigrate'
  | 'jcoldmigrate'
  | 'jrctl'
  | 'expose'
  | 'bhyve-dsk'
  | 'bhyve-p9shares'
  | 'media'
  | 'repo'
  | 'removebase'
  | 'fetch_iso'

/** What no value may hold, whatever a rule says: CBSD evaluates it as shell text, splits at ~ and | and expands \n. */
const never = /["'$`\\;~|&<>(){}[\]*?!\p{Cc}]/u

/**
 * One value as CBSD gets it. The second check is there in case a rule is ever written too wide.
 * Throws `AppError('invalid')` with the rule in words.
 */
export function written(key: string, value: Value, origin?: string): string {
  if (!isField(key)) throw new AppError('invalid', `${key} is not a setting that can be given to CBSD here`, origin)
  const rule = fields[key]
  const result = rule.write(value)
  if (result === null || never.test(result)) throw new AppError('invalid', `${key}: ${rule.words}`, origin)
  return result
}

const becoming: Record<Become, readonly string[]> = { none: [], sudo: ['sudo', '-n'], doas: ['doas', '-n'] }

/** A command of the system's own with the rights of root, where the host needs help for that. */
export function asRoot(caller: Caller, ...argv: Argv): Argv {
  const [first, ...rest] = [...becoming[caller.context.become], ...argv]
  return [first ?? argv[0], ...rest]
}

export type Options = {
  origins?: Origins
  /** Answers its questions with yes. */
  alwaysYes?: boolean
  /** The one column that a `get` is to print. Without one it prints all, the password of a screen among them. */
  ask?: 'astart' | 'vnc_password'
}

/**
 * The one place where a command line of CBSD is made. `NOINTER=1` because a question without an answer loops for ever, and
 * `NOCOLOR=1` because escapes count in the padding. sudo sets variables named before the command (sudoers: SETENV);
 * doas passes on those that its rule names.
 * Throws `AppError('invalid', words, field)` for a value outside its rule or a key that is not known.
 */
export function cbsdArgv(caller: Caller, command: Command, values: Values, options: Options = {}): Argv {
  const { origins = {}, alwaysYes, ask } = options
  const words: string[] = []
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue
    words.push(`${key === 'archive' ? 'jname' : key}=${written(key, value, isField(key) ? origins[key] : undefined)}`)
  }
  return lineOf(caller, [command, ...words, ...(ask ? [ask] : [])], alwaysYes)
}

/** The same with the guest's name alone, for versions that want it so. Throws `AppError('invalid')` for what is no plain name. */
export function cbsdByPosition(caller: Caller, command: Command, name: string): Argv {
  return lineOf(caller, [command, written('jname', name)])
}

function lineOf({ host, context }: Caller, words: string[], alwaysYes = false): Argv {
  const workdir = host.cbsdWorkdir ? [`workdir=${checkedPath(host.cbsdWorkdir)}`] : []
  const variables = ['NOINTER=1', 'NOCOLOR=1', ...(alwaysYes ? ['ALWAYS_YES=1'] : []), ...workdir]
  const line = ['cbsd', ...words]
  if (context.become === 'sudo') return ['sudo', '-n', ...variables, ...line]
  if (context.become === 'doas') return ['env', ...variables, 'doas', '-n', ...line]
  return ['env', ...variables, ...line]
}

/** A path that is built of a workdir and checked names. Throws `AppError('invalid')` for anything a shell would read. */
export function checkedPath(path: string): string {
  return written('path', path)
}
