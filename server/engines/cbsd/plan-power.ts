import { AppError } from '@/server/errors'
import { ExecError } from '@/server/exec/error'
import type { Argv, Plan, Step } from '@/server/model/plan'
import { cbsdArgv, cbsdByPosition } from './argv'
import { downloadMs, guestIs, hour, lockOf, logs, minute, type On, plan, plural, refuse, step, stopSeconds, under } from './plan-parts'
import { integer } from './row'
import { type CbsdHost, type Found, type Known, letterOf } from './types'

type Startable = { name: string; letter: ReturnType<typeof letterOf> }

/** Where CBSD and bhyve say why a guest did not start. */
const logFiles = (cbsd: CbsdHost, name: string) => [
  under(cbsd, 'jails-system', name, 'bhyve.log'),
  under(cbsd, 'jails-system', name, 'cbsd_lib9p.log'),
  under(cbsd, 'log', `${name}.log`),
]

/** Stops at once: `fast=1` for jails, `noacpi=1` for VMs. */
export function killStep(cbsd: CbsdHost, { name, letter }: Startable, title = `Stop ${name} at once`): Step {
  // "Not running" is what one hopes for; jstop says 1 for it and bstop says 0.
  const more = { okCodes: [0, 1] }
  if (letter === 'j') return step(cbsd, title, 'jstop', { jname: name, fast: true, inter: false }, more)
  // VirtualBox has no such switch; its stop is one.
  const hard = letter === 'v' ? {} : { noacpi: true }
  return step(cbsd, title, `${letter}stop`, { jname: name, ...hard, inter: false }, more)
}

/**
 * CBSD from 15 on: somebody's 15.0.9 took `bstart jname=NAME` for a guest of that whole name after an upgrade, and `bstart NAME`
 * worked (its issue 884). So when it answers exactly that, the name alone is tried. Without a checkpoint only: further words
 * would be taken for further names.
 */
function byPosition(cbsd: CbsdHost, { name, letter }: Startable): Pick<Extract<Step, { argv: Argv }>, 'otherwise'> {
  if (Number.parseInt(cbsd.node.version, 10) < 15) return {}
  const said = [`No such domain: jname=${name}`, `No such domain: jname="${name}"`]
  return { otherwise: { said, argv: cbsdByPosition(cbsd, `${letter}start`, name) } }
}

/**
 * Starts a guest. The first start of a VM fetches its ISO or disk in the foreground, which may take hours. When it is cancelled
 * what has come up by then is stopped.
 */
export function startStep(cbsd: CbsdHost, guest: Startable, more: { checkpoint?: string; secrets?: string[] } = {}): Step {
  const { checkpoint, secrets } = more
  const { name, letter } = guest
  const stop = killStep(cbsd, guest)
  return step(
    cbsd,
    checkpoint ? `Start ${name} from ${checkpoint}` : `Start ${name}`,
    `${letter}start`,
    { jname: name, ...(checkpoint ? { checkpoint } : {}), inter: false },
    {
      timeoutMs: letter === 'j' ? hour : downloadMs,
      progress: 'percent',
      undo: 'argv' in stop ? stop.argv : undefined,
      explain: logs(...logFiles(cbsd, name)),
      origins: { checkpoint: 'operation.checkpoint' },
      ...(secrets ? { secrets } : {}),
      ...(checkpoint ? {} : byPosition(cbsd, guest)),
    },
  )
}

/**
 * The password of a VM's screen, which CBSD prints when it starts it, to be masked. Not one as short as CBSD's own, its name,
 * which everybody knows: masking that would make holes in all its words.
 */
async function screenSecrets(cbsd: CbsdHost, { name, letter }: Startable): Promise<string[] | undefined> {
  if (letter !== 'b' && letter !== 'q') return undefined
  try {
    const argv = cbsdArgv(cbsd, `${letter}get`, { mode: 'quiet', jname: name }, { ask: 'vnc_password' })
    const said = (await cbsd.context.exec.read(argv)).trim()
    return /^\S{5,64}$/.test(said) ? [said] : undefined
  } catch (error) {
    // It starts without that, too.
    if (error instanceof ExecError) return undefined
    throw error
  }
}

async function planStart(op: On<'start'>, found: Found, known: Known): Promise<Plan> {
  const { name } = found
  const status = integer(found.row, 'status')
  if (status === 2) throw refuse(`${name} is a copy whose master is on another node: cbsd jswmode jname=${name} mode=master makes it one`)
  if (status === 3) throw refuse(`${name} is under maintenance: cbsd jswmode jname=${name} mode=master ends that`)
  if (op.checkpoint) {
    if (found.kind === 'jail' || found.engine !== 'bhyve')
      throw refuse(`CBSD cannot start ${plural(found)} from a checkpoint: only bhyve VMs`)
    const { checkpoints } = await known.detail(found.name)
    if (!checkpoints?.some((each) => each.key === op.checkpoint))
      throw new AppError('not-found', `${found.name} has no checkpoint ${op.checkpoint}`, 'operation.checkpoint')
  }
  const guest = { name, letter: letterOf(found) }
  const start = startStep(known.cbsd, guest, { checkpoint: op.checkpoint, secrets: await screenSecrets(known.cbsd, guest) })
  const warnings = op.checkpoint ? ['Its disks must be as they were when the checkpoint was made.'] : []
  return { ...plan([start], guestIs(found, 'running'), [lockOf(found.name)], warnings), expectWithinMs: minute }
}

/** Plans start, stop, kill, restart, pause and resume. */
export async function planPower(
  op: On<'start' | 'stop' | 'kill' | 'restart' | 'pause' | 'resume'>,
  found: Found,
  known: Known,
): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const letter = letterOf(found)
  const locks = [lockOf(name)]
  const soft = letter === 'j' || letter === 'v' ? {} : { hard_timeout: stopSeconds }
  const stopping = { timeoutMs: (stopSeconds + 60) * 1000 }
  const stop = () =>
    step(cbsd, `Ask ${name} to shut down`, `${letter}stop`, { jname: name, ...soft, inter: false }, { ...stopping, okCodes: [0, 1] })
  const hardWarning = letter === 'b' || letter === 'q' || letter === 'x' ? [`After ${stopSeconds} s without an answer CBSD ends it.`] : []
  switch (op.kind) {
    case 'start':
      return planStart(op, found, known)
    case 'stop':
      return plan([stop()], guestIs(found, 'stopped'), locks, hardWarning)
    case 'kill':
      return plan([killStep(cbsd, { name, letter })], guestIs(found, 'stopped'), locks)
    case 'restart': {
      if (letter === 'j' || letter === 'b') {
        const again = step(
          cbsd,
          `Restart ${name}`,
          `${letter}restart`,
          { jname: name, inter: false },
          { timeoutMs: 10 * minute, secrets: await screenSecrets(cbsd, { name, letter }) },
        )
        return plan([again], guestIs(found, 'running'), locks, letter === 'b' ? hardWarning : [])
      }
      const secrets = await screenSecrets(cbsd, { name, letter })
      return plan([stop(), startStep(cbsd, { name, letter }, { secrets })], guestIs(found, 'running'), locks, hardWarning)
    }
    case 'pause':
    case 'resume': {
      const on = op.kind === 'pause'
      const made = step(cbsd, on ? `Pause ${name}` : `Resume ${name}`, 'bpause', { jname: name, mode: on ? 'on' : 'off' })
      return plan([made], guestIs(found, on ? 'paused' : 'running'), locks)
    }
  }
}
