import type { Argv } from '@/server/model/plan'
import { asRoot, type Caller, checkedPath, written } from './argv'

/** Questions that only `cbsd` itself answers. Their words are constant, so that nothing else can become one. */
const questions = {
  version: ['version'],
  capabilities: ['capabilities', 'json=1'],
  'profiles.iso': ['get-profiles', 'src=iso', 'json=1'],
  'profiles.cloud': ['get-profiles', 'src=cloud', 'json=1'],
  'profiles.jail': ['get-profiles', 'src=jail', 'json=1'],
  'next address': ['dhcpd'],
} as const
const guestQuestions = {
  snapshots: ['jsnapshot', 'mode=list'],
  checkpoints: ['bcheckpoint', 'mode=list'],
  login: ['jlogin'],
} as const

const variables = ({ host }: Caller): string[] => [
  'NOINTER=1',
  'NOCOLOR=1',
  ...(host.cbsdWorkdir ? [`workdir=${checkedPath(host.cbsdWorkdir)}`] : []),
]

/** A question about the host, asked as the user we are. */
export const question = (caller: Caller, which: keyof typeof questions): Argv => ['env', ...variables(caller), 'cbsd', ...questions[which]]

/** The same as root, where the host has a way to become it: for what ZFS or a jail gives only to root. */
export function asRootQuestion(caller: Caller, which: keyof typeof questions): Argv {
  return rooted(caller, ['cbsd', ...questions[which]])
}

/** A question about one guest, as root. Throws `AppError('invalid')` for a name that CBSD would read as more than a name. */
export function guestQuestion(caller: Caller, which: keyof typeof guestQuestions, name: string): Argv {
  return rooted(caller, ['cbsd', ...guestQuestions[which], `jname=${written('jname', name)}`])
}

/** sudo sets variables named before the command (sudoers: SETENV); doas passes on those that its rule names. */
function rooted(caller: Caller, line: readonly ['cbsd', ...string[]]): Argv {
  const { become } = caller.context
  if (become === 'sudo') return asRoot(caller, ...([variables(caller)[0] ?? 'NOINTER=1', ...variables(caller).slice(1), ...line] as const))
  if (become === 'doas') return ['env', ...variables(caller), ...asRoot(caller, ...line)]
  return ['env', ...variables(caller), ...line]
}
