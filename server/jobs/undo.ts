import { AppError } from '@/server/errors'
import { parseGuestId } from '@/server/model/guest'
import { type Job, type JobStep, openUndo } from '@/server/model/job'
import type { Expectation, Plan, Step } from '@/server/model/plan'
import { hasMask } from './mask'
import type { JobStore } from './store'

/** Every exit code: an undo may find that there is nothing to undo, and what counts is seen on the host afterwards. */
const anyCode = Array.from({ length: 256 }, (_, code) => code)

/** Jobs that make a guest, which their undo takes away again. */
const makers: ReadonlySet<string> = new Set(['create', 'import', 'clone'])

/** The guests that the job made or worked on; the copy of a clone is its second. */
const guestsOf = (job: Job): string[] => [job.guest, job.makes].flatMap((id) => id ?? [])
const madeGuest = (job: Job): string | undefined => (makers.has(job.kind) ? (job.makes ?? job.guest) : undefined)

/** The one path that `rm -rf -- PATH` takes away. */
const removedPath = (undo: readonly string[]): string | undefined =>
  undo[0] === 'rm' && undo.at(-2) === '--' && undo.at(-1)?.startsWith('/') ? undo.at(-1) : undefined

function undoStep(record: JobStep, lenient: boolean): Step {
  const [program, ...rest] = record.undo ?? []
  if (!program) throw new AppError('failed', `${record.title} has no undo`)
  return {
    title: `Undo: ${record.title}`,
    argv: [program, ...rest],
    timeoutMs: 120_000,
    ...(record.env && { env: record.env }),
    ...(lenient && { okCodes: anyCode }),
  }
}

/** What must be gone afterwards; null where the record does not tell. */
function goneAfter(job: Job, records: JobStep[]): Expectation | null {
  const made = parseGuestId(madeGuest(job) ?? '')
  const paths = records.flatMap(({ undo }) => removedPath(undo ?? []) ?? [])
  const of: Expectation[] = [
    ...(made ? [{ kind: 'absent', name: made.name } as const] : []),
    ...paths.map((path) => ({ kind: 'file', path, present: false }) as const),
  ]
  return of.length > 0 ? { kind: 'all', of } : null
}

/**
 * Refuses when the guests of the job were worked on since: then what it made is in use, and an undo would take away more than what
 * the job did. The same for a later job that did the very same thing again.
 */
async function demandUntouched(job: Job, records: JobStep[], store: JobStore): Promise<void> {
  const later = (other: Job) => other.createdAt > job.createdAt && other.kind !== 'undo' && !['failed', 'cancelled'].includes(other.state)
  const used = (other: Job, by: string): never => {
    throw new AppError('refused', `${by}: “${other.title}” ran after it. Put it right by hand, or remove the guest as usual.`)
  }
  const made = madeGuest(job)
  for (const guest of made ? [made] : guestsOf(job)) {
    const other = (await store.list({ guest, limit: 200 })).find(later)
    if (other) used(other, 'The guest was used since')
  }
  const undos = new Set(records.map(({ undo }) => JSON.stringify(undo)))
  const again = (await store.list({ host: job.host, limit: 200 })).find(
    (other) => later(other) && other.steps.some((step) => step.state === 'done' && undos.has(JSON.stringify(step.undo))),
  )
  if (again) used(again, 'The same was done again since')
}

/**
 * A guest that was renamed outside keeps its folder under the old name: what another guest's disk lies in is never removed. Asked
 * only where the job came as far as making a guest, for every other guest of the engine is read.
 */
async function demandUnused(job: Job, records: JobStep[], disks: UndoReaders['disks']): Promise<void> {
  const paths = records.flatMap(({ undo }) => removedPath(undo ?? []) ?? [])
  if (paths.length === 0 || paths.length === records.length) return
  const made = parseGuestId(madeGuest(job) ?? '')?.name
  for await (const { guest, path } of disks(job)) {
    const inside = paths.find((removed) => path === removed || path.startsWith(`${removed}/`))
    if (inside && guest !== made) throw new AppError('refused', `${guest} uses ${path}: ${inside} is not removed. Put it right by hand.`)
  }
}

/** What planning reads: jobs, and the disks of all guests of the job's engine. */
export type UndoReaders = { store: JobStore; disks: (job: Job) => AsyncIterable<{ guest: string; path: string }> }

/**
 * The plan that undoes what an interrupted job did, out of its record: the undo of each finished step, last first, and of the step
 * that was under way, of which nobody knows how far it came. Reads only. Rejects with `refused` and the reason.
 */
export async function planUndo(job: Job, { store, disks }: UndoReaders): Promise<Plan> {
  const open = openUndo(job)
  if (open.length === 0) throw new AppError('refused', 'There is nothing of it to undo')
  const records = open.filter((record) => !hasMask(record.undo ?? []))
  if (records.length < open.length) throw new AppError('refused', 'Its undo needs a secret, which is not kept: put it right by hand')
  await demandUntouched(job, records, store)
  await demandUnused(job, records, disks)
  const gone = goneAfter(job, records)
  const underWay = records.filter((record) => record.state !== 'done')
  return {
    steps: [...records].reverse().map((record) => undoStep(record, gone !== null)),
    expect: gone ?? { kind: 'none' },
    expectWithinMs: 10_000,
    // An engine that is busy for a moment refuses, and is asked again.
    ...(gone && { repeatLastMs: 2000 }),
    warnings: underWay.map(({ title }) => `“${title}” was under way when the server ended: it may have nothing to undo`),
    locks: [
      `undo:${job.id}`,
      ...[...new Set(guestsOf(job))].flatMap((id) => {
        const ref = parseGuestId(id)
        return ref ? [`guest:${ref.name}`] : []
      }),
    ],
  }
}

/** The record of the job whose undo ran: each step says that it was undone, so that it is not offered again. */
export function withUndone(job: Job, undo: Job): Job {
  const ran = [...undo.steps].reverse()
  const open = new Set(openUndo(job))
  let at = 0
  const steps = job.steps.map((step): JobStep => {
    if (!open.has(step)) return step
    const done = ran[at++]
    // When what had to be gone is gone, an undo that found nothing was right too.
    const ok = undo.state === 'done' || (done?.state === 'done' && (done.exitCode ?? 0) === 0)
    return { ...step, undone: ok ? { ok } : { ok, detail: done?.stderrTail?.trim() || undo.error } }
  })
  return { ...job, steps }
}
