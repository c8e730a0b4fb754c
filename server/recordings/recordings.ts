import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { SessionOf } from '../consoles/of'
import type { MakeTap } from '../consoles/tap'
import type { Database } from '../db/client'
import { AppError } from '../errors'
import type { RecordingInfo } from '../model/recording'
import { MiB } from '../model/size'
import type { Access, Recordings } from '../services'
import { castLines, writeLines } from './cast-lines'
import { mendCast } from './cast-reader'
import { CastWriter } from './cast-writer'
import { createLine } from './in-line'
import { day, readKeep, tooMuch, writeKeep } from './keep'
import { type Open, Recorder, type Size } from './recorder'
import { createRows } from './rows'
import { loadRules } from './rules'
import { type Scrollback, searchText } from './search'
import { sendRecording } from './send'

type Parts = {
  db: Database
  /** Where the files lie, readable for the server's user only. */
  folder: string
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  audit: Access['audit']
  /** The engine's lasting name of a guest, as it is now. */
  identity(guest: string): string | undefined
  /** The text that is kept of consoles. */
  scrollback(): Promise<Scrollback[]>
  /** Bytes after which a recording that goes on is ended and another begun. */
  partBytes?: number
  now?: () => number
}

/** So long after a start of the server, what people were recording when it ended goes on by itself, ms. */
const goesOnMs = 30 * 60_000

/** The name of a guest, or of a host's own shell, out of its id. */
const nameOf = (guest: string) => guest.split('~').at(-1) ?? guest

/** Recordings of consoles: what records them, their files and rows, and what becomes of both. Ends what a killed server left open. */
export async function createRecordings(parts: Parts): Promise<{ service: Recordings; tap: MakeTap; stopping(): void }> {
  const { db, folder, log, audit, identity, now = Date.now, partBytes = 64 * MiB } = parts
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const rows = createRows(db)
  const rules = await loadRules(db, identity)
  const files = (id: string) => ({ cast: join(folder, `${id}.cast`), lines: join(folder, `${id}.lines`) })
  const recorders = new Map<string, Recorder>()
  const open = new Map<string, { writer: CastWriter; info: RecordingInfo }>()
  const waiting = { characters: 0 }
  /** What people had begun when the server ended: it goes on with the same console. */
  const asked = new Map<string, { user: string; identity: string | undefined }>()
  const goesOnUntil = now() + goesOnMs
  let stopping = false
  const ends = new AbortController()
  const onFault = (error: unknown) => ends.signal.aborted || log.error({ err: error }, 'a recording could not be looked after')
  const inRows = createLine(onFault)
  /** Apart from rows: making the text of a long recording takes seconds. */
  const atWork = createLine(onFault)
  const keyOf = ({ id, kind }: SessionOf) => `${kind}:${id}`

  /** Makes the text of one that has ended. Its size is then that of both files. */
  function finish(info: RecordingInfo): void {
    const { cast, lines } = files(info.id)
    atWork.add(async () => {
      const sizeBytes = info.sizeBytes + (await writeLines(cast, lines, ends.signal))
      inRows.add(() => rows.update(info.id, { sizeBytes }))
      inRows.add(prune)
    })
  }

  async function mend(info: RecordingInfo): Promise<void> {
    try {
      const { seconds, sizeBytes } = await mendCast(files(info.id).cast)
      await rows.update(info.id, { seconds, sizeBytes, endedAt: info.startedAt + seconds * 1000 })
      finish({ ...info, sizeBytes })
    } catch (error) {
      log.warn({ error, recording: info.id }, 'a recording is lost')
      await discard(info.id)
    }
    if (info.user !== undefined) asked.set(keyOf({ id: info.guest, kind: info.kind }), { user: info.user, identity: info.identity })
  }

  async function discard(id: string): Promise<void> {
    await Promise.all(Object.values(files(id)).map((path) => rm(path, { force: true })))
    await rows.remove(id)
  }

  async function prune(): Promise<void> {
    const ended = await rows.ended()
    const openBytes = [...open.values()].reduce((sum, { writer }) => sum + writer.size, 0)
    const going = new Set(tooMuch(ended, openBytes, await readKeep(db), now()))
    for (const info of ended) {
      if (!going.has(info.id)) continue
      await discard(info.id)
      await audit({ user: 'system', action: 'recording.expire', target: `${info.guest} ${info.id}`, ok: true })
      log.info({ recording: info.id, guest: info.guest }, 'a recording was removed: too old, or no room')
    }
  }

  function begin(of: SessionOf, about: { size: Size; user: string | null; input: boolean }, onFault: (words: string) => void): Open {
    const id = randomBytes(8).toString('hex')
    const startedAt = now()
    const info: RecordingInfo = {
      id,
      guest: of.id,
      kind: of.kind,
      identity: identity(of.id),
      user: about.user ?? undefined,
      people: [],
      input: about.input,
      startedAt,
      sizeBytes: 0,
      seconds: 0,
    }
    const title = `${nameOf(of.id)} – ${of.kind}`
    const writer = new CastWriter(files(id).cast, { ...about.size, startedAt, title }, waiting, (error) => {
      log.error({ error, recording: id, guest: of.id }, 'a recording ends: its file cannot be written')
      onFault('The recording ended: its file cannot be written. The log of the server says more.')
    })
    open.set(id, { writer, info })
    inRows.add(() => rows.begin(info))
    log.info({ recording: id, ...of }, 'a recording begins')
    return { id, writer }
  }

  async function end({ id }: Open, { people, input }: { people: readonly string[]; input: boolean }): Promise<void> {
    const at = now()
    const known = open.get(id)
    if (!known) return
    const { writer } = known
    await writer.close()
    open.delete(id)
    const { seconds, size: sizeBytes } = writer
    const info = { ...known.info, sizeBytes }
    // A server that stops leaves it unfinished: the next one ends it as this one would, and goes on if somebody had begun it.
    const endedAt = stopping && known.info.user !== undefined ? undefined : at
    inRows.add(() => rows.update(id, { seconds, sizeBytes, people: [...people], input, ...(endedAt === undefined ? {} : { endedAt }) }))
    if (!stopping) finish(info)
  }

  const tap: MakeTap = (first, session) => {
    let of = first
    const recorder: Recorder = new Recorder(
      {
        rule: () => rules.of(of.id),
        onMoved(to) {
          if (recorders.get(keyOf(of)) === recorder) recorders.delete(keyOf(of))
          of = to
          recorders.set(keyOf(of), recorder)
        },
        begin: (about, onFault) => begin(of, about, onFault),
        end,
        onPeople: ({ id }, people) => inRows.add(() => rows.update(id, { people: [...people] })),
        onState: session.onState,
        onClose: () => recorders.get(keyOf(of)) === recorder && recorders.delete(keyOf(of)),
        screen: session.screen,
        partBytes,
      },
      { cols: session.cols, rows: session.rows },
    )
    const before = asked.get(keyOf(of))
    asked.delete(keyOf(of))
    if (before && before.identity === identity(of.id) && now() < goesOnUntil) recorder.ask(before.user)
    recorders.set(keyOf(of), recorder)
    return recorder
  }

  async function find(id: string): Promise<RecordingInfo> {
    const live = open.get(id)
    const info = live?.info ?? (await rows.get(id))
    if (!info) throw new AppError('not-found', 'There is no such recording', 'id')
    return live ? { ...info, sizeBytes: live.writer.size, seconds: live.writer.seconds } : info
  }
  /** As it is now: a row of one that goes on does not know how long it is. */
  const current = (info: RecordingInfo): RecordingInfo => {
    const live = open.get(info.id)
    return live ? { ...info, sizeBytes: live.writer.size, seconds: live.writer.seconds } : info
  }

  for (const info of await rows.unfinished()) await mend(info)
  for (const info of await rows.ended()) if (!existsSync(files(info.id).lines)) finish(info)
  inRows.add(prune)
  const daily = setInterval(() => inRows.add(prune), day).unref()

  const service: Recordings = {
    rule: (guest) => rules.of(guest),
    async setRule(guest, rule) {
      await rules.set(guest, rule)
      for (const kind of ['serial', 'shell'] as const) recorders.get(keyOf({ id: guest, kind }))?.ruleChanged()
    },
    async record(of, user) {
      const recorder = recorders.get(keyOf(of))
      if (!recorder) throw new AppError('refused', 'This console is not open. Open it first.')
      const { mode } = rules.of(of.id)
      if (mode === 'off') throw new AppError('refused', 'Consoles of this guest are not recorded. Its setting says so.')
      if (mode === 'always') throw new AppError('refused', 'Consoles of this guest are always recorded. Its setting says so.')
      recorder.ask(user ?? undefined)
    },
    async list(filter, may) {
      const guests = (await rows.guests()).filter(may)
      return (await rows.list(filter, guests)).map(current)
    },
    guests: async (may) => (await rows.guests()).filter(may),
    async get(id) {
      const info = await find(id)
      const castBytes = (await stat(files(id).cast).catch(() => null))?.size
      return castBytes === undefined ? info : { ...info, castBytes }
    },
    async remove(id) {
      if (open.has(id)) throw new AppError('refused', 'This goes on. End the recording first.', 'id')
      await find(id)
      await discard(id)
    },
    keep: () => readKeep(db),
    async setKeep(keep) {
      await writeKeep(db, keep)
      inRows.add(prune)
    },
    async search({ text, guest, kept }, may, signal) {
      const wanted = (id: string) => may(id) && (guest === undefined || id === guest)
      const scrollback = kept ? (await parts.scrollback()).filter((each) => wanted(each.guest)) : []
      await Promise.all([...open.values()].map(({ writer }) => writer.flush()))
      const recordings = await rows.list({ guest, limit: 100_000 }, (await rows.guests()).filter(wanted))
      return searchText({ text, scrollback, recordings, files, signal })
    },
    async send(res, info, format, options) {
      await open.get(info.id)?.writer.flush()
      const name = `${nameOf(info.guest).replace(/[^\w.-]/g, '_')}-${new Date(info.startedAt).toISOString().slice(0, 19).replace(/[:T]/g, '-')}`
      await sendRecording(res, {
        format,
        name,
        path: files(info.id).cast,
        lines: (signal) => castLines(files(info.id).cast, signal),
        ...options,
      })
    },
    async close() {
      clearInterval(daily)
      await inRows.end()
      // The next start makes the text that is not made now.
      ends.abort()
      await atWork.cut()
      await inRows.end()
    },
  }
  return {
    service,
    tap,
    stopping: () => {
      stopping = true
    },
  }
}
