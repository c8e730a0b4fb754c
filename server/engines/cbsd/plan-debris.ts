import { AppError } from '@/server/errors'
import type { Argv, Plan, Step } from '@/server/model/plan'
import { asRoot, type Command, cbsdArgv, written } from './argv'
import { fields } from './fields'
import { type On, plan, refuse, step, under } from './plan-parts'
import type { CbsdHost, Known } from './types'

/** The folders and files that a guest of this name has, where CBSD has not yet registered it or no longer knows it. */
const traces = (cbsd: CbsdHost, name: string) => ({
  system: under(cbsd, 'jails-system', name),
  data: under(cbsd, 'jails-data', `${name}-data`),
  disks: under(cbsd, 'vm', name),
  rcconf: under(cbsd, 'jails-rcconf', `rc.conf_${name}`),
  fstab: under(cbsd, 'jails-fstab', `fstab.${name}`),
})

/** A look that fails when one of the files is there. */
const noneOf = (first: string, ...rest: string[]): Argv => ['test', '!', '-e', first, ...rest.flatMap((each) => ['-a', '!', '-e', each])]

/**
 * Removes a guest with the command behind it, but only when this node knows it: CBSD passes a removal of an unknown name on to
 * another node that has one of that name. The empty folder that stays behind for its mounts goes too. The text is constant;
 * $1 is the working directory, $2 the name, the rest the command.
 */
const removeIfHere = `
db=$1/var/db/local.sqlite name=$2 root=$1/jails/$2
here() { [ -n "$(sqlite3 -readonly "$db" "SELECT 1 FROM jails WHERE jname = '$name'" 2>/dev/null)" ]; }
shift 2
here && "$@"
rmdir "$root" 2>/dev/null
! here
`
const removal = (cbsd: CbsdHost, name: string, command: Command): Argv => [
  '/bin/sh',
  ...['-c', removeIfHere, 'sh', under(cbsd), name],
  ...cbsdArgv(cbsd, command, { jname: name, inter: false }),
]

/**
 * Two looks at whether a name is free, to run before the step that makes a guest. What is seen to be missing now is ours when it
 * is there later, so their undo takes away everything of that name, however the making failed: a refused create leaves folders
 * behind, and the runner does not undo a step that failed by itself. Throws `invalid` naming `field` for a name that is not for
 * new guests: narrower than what CBSD lets through, so that it fits everywhere.
 */
export function freeName(cbsd: CbsdHost, name: string, letter: 'j' | 'b' | 'q', field: string): Step[] {
  if (fields.new.write(name) === null) throw new AppError('invalid', fields.new.words, field)
  const { system, data, disks, rcconf, fstab } = traces(cbsd, name)
  return [
    {
      title: `See that nothing of ${name} is left`,
      argv: noneOf(system, rcconf, fstab),
      undo: asRoot(cbsd, 'rm', '-rf', '--', system, data, disks, rcconf, fstab),
    },
    {
      title: `See that ${name} has no data yet`,
      argv: noneOf(data, disks),
      undo: removal(cbsd, name, `${letter}remove`),
    },
  ]
}

/** A look at whether CBSD knows the guest now: creating may say 0 and have made nothing. */
export const isRegistered = (cbsd: CbsdHost, name: string, letter: 'j' | 'b' | 'q'): Step =>
  step(cbsd, `See that ${name} is registered`, `${letter}get`, { mode: 'quiet', jname: name }, { ask: 'astart' })

/** Plans the removal of what a failed create left. Only of a name that was just read as debris, and only in CBSD's own folders. */
export async function planDebris(op: On<'debris.remove'>, known: Known): Promise<Plan> {
  const { cbsd } = known
  const field = 'operation.debris'
  const name = written('jname', op.debris, field)
  const { debris } = await known.hostDetail()
  const found = debris.filter((each) => each.key === name)
  if (found.length === 0) throw new AppError('not-found', `Nothing is left of ${name}`, field)
  if (known.guests.some((each) => each.name === name)) throw refuse(`${name} is a guest: remove it as one`, field)
  const { system, data, disks, rcconf, fstab } = traces(cbsd, name)
  const outside = found.find(({ path }) => ![system, data, disks, fstab].includes(path))
  if (outside) throw refuse(`${outside.path} is not a folder that CBSD makes for guests: remove it by hand`, field)
  const { exec } = cbsd.context
  if ((await exec.stat(`${system}/rc.conf_${name}`)) ?? (await exec.stat(rcconf)))
    throw refuse(
      `${name} may be a guest that was unregistered: cbsd jregister jname=${name} brings it back, cbsd jremove removes it`,
      field,
    )
  const argv = asRoot(cbsd, 'rm', '-rf', '--', system, data, disks, fstab)
  const remove: Step = { title: `Remove what is left of ${name}`, argv, timeoutMs: 600_000 }
  const warnings = cbsd.node.zfs ? ['A dataset of ZFS that is mounted there stays: zfs destroy takes it away.'] : []
  return plan([remove], { kind: 'host', list: 'debris', key: name, present: false }, [`guest:${name}`], warnings)
}
