import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { AppError } from '@/server/errors'
import { endLeftover } from '@/server/exec/leftover'
import { type GuestRef, guestId, parseGuestId } from '@/server/model/guest'
import type { Job } from '@/server/model/job'
import { type Operation, operationGuest } from '@/server/model/operation'
import type { Access, Bus, Inventory, JobRequest, Jobs, User } from '@/server/services'
import { createCheck } from './check'
import { createLocks, type Holder, lockKey } from './locks'
import type { Marks } from './marks'
import { planMask, planView, stepView } from './plan-view'
import { interrupted, summary } from './record'
import { demandShown, madeName, planForRun, planForView } from './request'
import { runPlan } from './runner'
import type { JobStore } from './store'
import { throttle } from './throttle'
import { planUndo, withUndone } from './undo'
import { expectWords, operationTitle } from './words'

const progressEveryMs = 250

export type JobsNeeds = {
  store: JobStore
  marks: Marks
  inventory: Inventory
  bus: Bus
  log: Logger
  audit: Access['audit']
  /** ms since 1970 */
  now?: () => number
  /** How long an undo that fails is tried again, ms. Default 10,000. */
  undoPatienceMs?: number
}

type Live = { job: Job; holder: Holder; abort: AbortController; ended: Promise<Job> }

/** The one service that runs plans: locks, records, events, audit, and undo by `runPlan`. */
export function createJobs({ store, marks, inventory, bus, log, audit, now = Date.now, undoPatienceMs }: JobsNeeds): Jobs {
  const live = new Map<string, Live>()
  const locks = createLocks()
  let closing = false

  const publish = (job: Job) => bus.publish({ type: 'job', job: summary(job) })
  const save = async (job: Job) => {
    await store.save(job)
    publish(job)
  }
  const write = (user: string, action: string, target: string, ok: boolean, detail?: string) =>
    audit({ user, action, target, ok, detail }).catch((error: unknown) =>
      log.error({ err: error, action, target }, 'audit entry not written'),
    )

  const checkOn = (host: string, engine: GuestRef['engine'] | undefined) =>
    createCheck({
      guest: async (name) => (engine ? inventory.refresh({ host, engine, name }) : null),
      snapshots: async (name, signal) => (engine ? inventory.engine(host, engine).snapshots(name, signal) : []),
      detail: (name, signal) => {
        if (!engine) throw new AppError('unavailable', 'No engine was asked')
        return inventory.engine(host, engine).inspect(name, signal)
      },
      host: async (signal) => (engine ? ((await inventory.engine(host, engine).hostDetail?.(signal)) ?? null) : null),
      stat: (path) => inventory.exec(host).stat(path),
    })

  /** Guests that a job touches: looked at often while it runs, and once more when it ended. */
  function touched(request: JobRequest, also: string | undefined): GuestRef[] {
    const ref = request.guest ? parseGuestId(request.guest) : null
    if (!ref) return []
    return also && also !== ref.name ? [ref, { ...ref, name: also }] : [ref]
  }

  async function run(job: Job, request: JobRequest, guests: GuestRef[], signal: AbortSignal): Promise<void> {
    const progress = throttle(progressEveryMs, () => publish(job))
    try {
      const ran = await runPlan(request.plan, inventory.exec(job.host), {
        check: checkOn(job.host, job.engine),
        signal,
        undoPatienceMs,
        onProgress: ({ fraction, text }) => {
          job.progress = fraction
          job.progressText = text
          progress.call()
        },
        onSteps: async (steps) => {
          job.steps = structuredClone(steps)
          job.progress = undefined
          job.progressText = undefined
          progress.stop()
          await save(job)
        },
        onStart: (pid) => marks.set(job.id, pid),
      })
      Object.assign(job, { steps: ran.steps, state: ran.state, error: ran.error })
    } catch (error) {
      Object.assign(job, { state: 'failed', error: planMask(request.plan)(error instanceof Error ? error.message : String(error)) })
    } finally {
      progress.stop()
    }
    const { expect } = request.plan
    for (const guest of guests) {
      inventory.setBusy(guest, false)
      // The check of the expectation read it a moment ago.
      if (job.state === 'done' && (expect.kind === 'guest' || expect.kind === 'absent') && expect.name === guest.name) continue
      await inventory.refresh(guest).catch((error: unknown) => log.warn({ err: error, guest }, 'guest not read after its job'))
    }
  }

  async function finish(job: Job, request: JobRequest, holder: Holder): Promise<Job> {
    job.endedAt = now()
    job.progress = undefined
    job.progressText = undefined
    try {
      await request.after?.(structuredClone(job))
      const found = job.state === 'done' && request.finding?.(structuredClone(job))
      if (found) job.warnings = [...job.warnings, found]
    } catch (error) {
      job.state = 'failed'
      job.error = error instanceof Error ? error.message : String(error)
    }
    if (job.kind === 'rename' && job.state === 'done' && job.guest && job.makes) {
      await store
        .moveGuest(job.guest, job.makes)
        .catch((error: unknown) => log.error({ err: error, job: job.id }, 'jobs kept the old name'))
      job.guest = job.makes
    }
    locks.release(holder)
    live.delete(job.id)
    marks.clear(job.id)
    if (job.state !== 'done')
      await write(request.user.id, job.kind, job.guest ?? job.host, false, `job ${job.id} ${job.state}: ${job.error ?? ''}`)
    await save(job).catch((error: unknown) => log.error({ err: error, job: job.id }, 'job not stored'))
    log.info({ job: job.id, title: job.title, state: job.state, error: job.error }, 'job ended')
    return job
  }

  async function start(request: JobRequest, holder: Holder, also?: string) {
    if (closing) throw new AppError('unavailable', 'The server is stopping')
    const mask = planMask(request.plan)
    locks.take(
      request.plan.locks.map((lock) => lockKey(request.host, request.engine, lock)),
      holder,
    )
    const at = now()
    const job: Job = {
      id: randomUUID(),
      title: request.title,
      kind: request.kind,
      host: request.host,
      engine: request.engine,
      guest: request.guest,
      makes: also && request.engine && request.kind !== 'create' ? guestId(request.host, request.engine, also) : undefined,
      user: request.user.name,
      state: 'running',
      warnings: request.plan.warnings.map(mask),
      expect: expectWords(request.plan.expect),
      createdAt: at,
      startedAt: at,
      steps: request.plan.steps.map((step) => ({ ...stepView(step, mask), state: 'waiting' })),
    }
    holder.job = job.id
    const first = summary(job)
    const abort = new AbortController()
    const stored = save(job)
    const guests = touched(request, also)
    const ended = stored
      .then(() => {
        for (const guest of guests) inventory.setBusy(guest, true)
        return write(request.user.id, job.kind, job.guest ?? job.host, true, `job ${job.id}`)
      })
      .then(() => run(job, request, guests, abort.signal))
      .then(() => finish(job, request, holder))
    ended.catch(() => live.delete(job.id))
    live.set(job.id, { job, holder, abort, ended })
    await stored
    return first
  }

  /** Kill is what one reaches for when a stop hangs: it takes the stop's place. */
  async function makeWay(op: Operation, on: Omit<GuestRef, 'name'>, user: User): Promise<void> {
    if (op.kind !== 'kill') return
    const other = live.get(locks.holder(lockKey(on.host, on.engine, `guest:${op.name}`))?.job ?? '')
    if (other?.job.kind !== 'stop' && other?.job.kind !== 'restart') return
    other.abort.abort(`Cancelled: “${operationTitle(op)}” by ${user.name} took its place`)
    await other.ended
  }

  /** Every disk of every guest of the job's engine, each read now. */
  async function* disks({ host, engine }: Job) {
    if (!engine) return
    const open = inventory.engine(host, engine)
    for (const guest of inventory.guests()) {
      if (guest.host !== host || guest.engine !== engine) continue
      const detail = await open.inspect(guest.name, AbortSignal.timeout(30_000)).catch((error: unknown) => {
        // One that is gone since the last look uses nothing.
        if (error instanceof AppError && error.code === 'not-found') return null
        throw error
      })
      for (const { path } of detail?.disks ?? []) yield { guest: guest.name, path }
    }
  }

  async function interruptedJob(id: string): Promise<Job> {
    const job = live.has(id) ? null : await store.get(id)
    if (job?.state === 'interrupted') return job
    if (!job && !live.has(id)) throw new AppError('not-found', 'There is no such job', 'id')
    throw new AppError('refused', 'Only a job that was interrupted is undone afterwards')
  }

  const jobs: Jobs = {
    async operate(on, op, user, shown) {
      const name = operationGuest(op)
      const guest = name === null ? undefined : guestId(on.host, on.engine, name)
      const title = operationTitle(op)
      const holder: Holder = { title }
      const also = madeName(op)?.name
      try {
        inventory.engine(on.host, on.engine)
        await makeWay(op, on, user)
        // Taken before anything is read, so that two requests at once cannot both see a free name.
        const names = [...new Set([name, also])].flatMap((each) => each ?? [])
        locks.take(
          names.map((taken) => lockKey(on.host, on.engine, `guest:${taken}`)),
          holder,
        )
        const plan = await planForRun(inventory, on, op)
        if (shown) demandShown(plan, shown)
        return await start({ title, kind: op.kind, ...on, guest, user, plan }, holder, also)
      } catch (error) {
        locks.release(holder)
        await write(user.id, op.kind, guest ?? on.host, false, `refused: ${error instanceof Error ? error.message : String(error)}`)
        throw error
      }
    },
    async preview(on, op) {
      return planView(await planForView(inventory, on, op))
    },
    async submit(request) {
      const holder: Holder = { title: request.title }
      try {
        return await start(request, holder)
      } catch (error) {
        locks.release(holder)
        throw error
      }
    },
    async previewUndo(id) {
      return planView(await planUndo(await interruptedJob(id), { store, disks }))
    },
    async undo(id, user) {
      const job = await interruptedJob(id)
      const plan = await planUndo(job, { store, disks })
      return jobs.submit({
        title: `Undo “${job.title}”`,
        kind: 'undo',
        host: job.host,
        engine: job.engine,
        guest: job.makes ?? job.guest,
        user,
        plan,
        after: async (undo) => save(withUndone(job, undo)),
      })
    },
    async finished(id) {
      const ended = await live.get(id)?.ended
      const job = ended ?? (await store.get(id))
      if (!job) throw new AppError('not-found', 'There is no such job', 'id')
      return structuredClone(job)
    },
    async cancel(id, user) {
      const running = live.get(id)
      if (!running) {
        if (!(await store.get(id))) throw new AppError('not-found', 'There is no such job', 'id')
        throw new AppError('refused', 'It has already ended')
      }
      running.abort.abort(`Cancelled by ${user.name}`)
      await write(user.id, 'job.cancel', running.job.guest ?? running.job.host, true, `job ${id}: ${running.job.title}`)
    },
    async get(id) {
      const running = live.get(id)
      return running ? structuredClone(running.job) : store.get(id)
    },
    async list(filter) {
      const stored = await store.list(filter)
      return stored.map((job) => summary(live.get(job.id)?.job ?? job))
    },
    async recover() {
      const left = await store.list({ states: ['queued', 'running'], limit: 10_000 })
      for (const job of left) {
        if (live.has(job.id)) continue
        const process = marks.get(job.id)
        const ended = process !== null && (await endLeftover(process))
        if (ended) log.warn({ job: job.id, process }, 'a command that outlived the last server was ended')
        await save(interrupted(job, now(), ended))
        marks.clear(job.id)
      }
      return left.length
    },
    async close() {
      closing = true
      const running = [...live.values()]
      for (const { abort } of running) abort.abort('Cancelled: the server was stopped')
      await Promise.allSettled(running.map(({ ended }) => ended))
    },
  }
  return jobs
}
