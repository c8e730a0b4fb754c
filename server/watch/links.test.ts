import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAccess } from '../access/access'
import { type Database, openDatabase } from '../db/client'
import { createBus } from '../events/bus'
import type { AppEvent } from '../model/events'
import type { Guest } from '../model/guest'
import type { Bus, User, WatchLinks } from '../services'
import { createWatchLinks } from './links'

const migrations = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
const id = 'local~libvirt~web'
const first: Guest = {
  id,
  host: 'local',
  engine: 'libvirt',
  name: 'web',
  identity: 'uuid-1',
  type: 'vm',
  state: 'running',
  cpus: 1,
  memoryBytes: 2 ** 28,
  addresses: [],
  autostart: false,
  persistent: true,
  tags: [],
  consoles: ['serial', 'vnc'],
}
const log = pino({ level: 'silent' })

let folder: string
let db: Database
let bus: Bus
let watch: WatchLinks
let ada: User
let at: number
let guest: Guest | undefined
let allowed: boolean
let access: ReturnType<typeof createAccess>
const make = (minutes: 15 | 60 = 15) => watch.make({ guest: id, kind: 'serial', minutes }, ada)
const create = () =>
  createWatchLinks({
    db,
    access: { audit: access.audit, allows: () => allowed },
    inventory: { guest: (asked) => (asked === guest?.id ? guest : undefined), guests: () => (guest ? [guest] : []) },
    bus,
    log,
    now: () => at,
  })
const audit = () => db.audit.findMany({ where: { action: 'watch.use' } })
/** The reason that a signal is aborted with. */
const reasonOf = (signal: AbortSignal) =>
  signal.aborted ? Promise.resolve(signal.reason) : new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)))

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-watch-'))
  db = await openDatabase(join(folder, 'test.db'), migrations)
  at = 1_700_000_000_000
  guest = first
  allowed = true
  bus = createBus()
  access = createAccess({ db, log, now: () => at })
  ada = (await access.setup({ token: await access.setupToken(), name: 'ada', password: 'correct horse battery' }, '::1')).user
  watch = create()
})
afterEach(async () => {
  watch.close()
  await db.$disconnect()
  rmSync(folder, { recursive: true })
})

describe('a watch link', () => {
  it('shows one console: which, and until when', async () => {
    const { token, link } = await make()
    expect(await watch.look(token, '::1')).toEqual({ guest: 'web', kind: 'serial', until: at + 15 * 60_000 })
    const { guest: ref, kind, by } = await watch.open(token, '::1')
    expect([ref, kind]).toEqual([{ host: 'local', engine: 'libvirt', name: 'web' }, 'serial'])
    expect(by).toMatchObject({ name: 'Watch link of ada', mode: 'watch', token: null })
    expect(await watch.list(id)).toEqual([{ ...link, by: 'ada', lastUsedAt: at, watching: 1 }])
  })

  it('is kept as a hash only, of 32 random bytes', async () => {
    const { token } = await make()
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect((await make()).token).not.toBe(token)
    expect(JSON.stringify(await db.watchLink.findMany())).not.toContain(token)
    expect(JSON.stringify(await watch.list(id))).not.toContain(token)
  })

  it('outlives the server', async () => {
    const { token } = await make()
    watch.close()
    watch = create()
    expect(await watch.look(token, '::1')).toMatchObject({ guest: 'web' })
  })

  it('is made for consoles that are there', async () => {
    await expect(watch.make({ guest: id, kind: 'shell', minutes: 15 }, ada)).rejects.toMatchObject({ code: 'not-found' })
    await expect(watch.make({ guest: 'local~libvirt~no', kind: 'serial', minutes: 15 }, ada)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is written down when it is first used, and not again', async () => {
    const { token } = await make()
    await watch.look(token, '::1')
    expect(await audit()).toEqual([])
    await Promise.all([watch.open(token, '::1'), watch.open(token, '::1')])
    at += 10 * 60_000
    await watch.open(token, '::1')
    expect(await audit()).toMatchObject([{ user: '', target: `serial ${id}`, detail: 'Watch link of ada', ok: true, from: '::1' }])
    expect((await watch.list(id))[0]).toMatchObject({ lastUsedAt: at, watching: 3 })
  })

  it('counts who watches, and bounds them', async () => {
    const { token } = await make()
    const opened = await Promise.all(Array.from({ length: 20 }, () => watch.open(token, '::1')))
    await expect(watch.open(token, '::1')).rejects.toMatchObject({ code: 'too-many' })
    opened[0]?.release()
    expect((await watch.list(id))[0]?.watching).toBe(19)
    await watch.open(token, '::1')
  })
})

describe('the end of a watch link', () => {
  it('comes with its time, for those who watch too', async () => {
    const { token } = await make()
    // The clock stands still; what runs is the real time that is left.
    at += 15 * 60_000 - 30
    const { by } = await watch.open(token, '::1')
    expect(by.ends && (await reasonOf(by.ends))).toBe('This watch link has expired.')
    at += 30
    await expect(watch.look(token, '::1')).rejects.toMatchObject({ code: 'refused', message: 'This watch link has expired.' })
    await expect(watch.open(token, '::1')).rejects.toMatchObject({ code: 'refused' })
    expect(await watch.list(id)).toEqual([])
  })

  it('comes when it is revoked, for those who watch at once, and for no other link', async () => {
    const [{ token, link }, other] = [await make(), await make()]
    const { by } = await watch.open(token, '::1')
    const { by: otherBy } = await watch.open(other.token, '::1')
    await watch.revoke(id, link.id)
    expect([by.ends?.aborted, by.ends?.reason]).toEqual([true, 'This watch link was revoked.'])
    expect(otherBy.ends?.aborted).toBe(false)
    await expect(watch.look(token, '::1')).rejects.toMatchObject({ code: 'refused', message: 'This watch link was revoked.' })
    expect(await watch.list(id)).toMatchObject([{ id: other.link.id }])
    await expect(watch.revoke(id, link.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is not brought about by way of another guest', async () => {
    const { token, link } = await make()
    await expect(watch.revoke('local~libvirt~other', link.id)).rejects.toMatchObject({ code: 'not-found' })
    expect(await watch.look(token, '::1')).toBeDefined()
  })

  it('comes with the right of its maker', async () => {
    const { token } = await make()
    allowed = false
    await expect(watch.open(token, '::1')).rejects.toMatchObject({ code: 'refused' })
  })

  it('comes with the guest, where the next of its name cannot be told from it', async () => {
    guest = { ...first, identity: undefined }
    const { token } = await make()
    const { by } = await watch.open(token, '::1')
    const old = guest
    guest = undefined
    bus.publish({ type: 'guest.removed', id })
    expect(by.ends && (await reasonOf(by.ends))).toContain('the guest it was made for is gone')
    guest = old
    await expect(watch.look(token, '::1')).rejects.toMatchObject({ code: 'refused' })
  })

  it('comes when another guest has its name, also one that came while the server was away', async () => {
    const { token } = await make()
    watch.close()
    guest = { ...first, identity: 'uuid-2' }
    watch = create()
    await expect(watch.look(token, '::1')).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('is gone') })
  })

  it('comes when another guest takes the name before the old one was seen to go', async () => {
    const { token } = await make()
    const { by } = await watch.open(token, '::1')
    bus.publish({ type: 'guest', guest: first })
    guest = { ...first, identity: 'uuid-2' }
    bus.publish({ type: 'guest', guest })
    expect(by.ends && (await reasonOf(by.ends))).toContain('the guest it was made for is gone')
  })

  it.each(['removed', 'new'] as const)(
    'does not come with another name: the link follows its guest, seen first by the event "%s"',
    async (order) => {
      const { token } = await make()
      const { by } = await watch.open(token, '::1')
      const renamed = { ...first, id: 'local~libvirt~www', name: 'www' }
      guest = renamed
      const events: AppEvent[] = [
        { type: 'guest.removed', id },
        { type: 'guest', guest: renamed },
      ]
      for (const event of order === 'removed' ? events : events.reverse()) bus.publish(event)
      await expect.poll(async () => (await watch.list(renamed.id)).length).toBe(1)
      expect(await watch.look(token, '::1')).toMatchObject({ guest: 'www' })
      expect(by.ends?.aborted).toBe(false)
      expect(await watch.list(id)).toEqual([])
    },
  )

  it('does not come with a copy of the same lasting name, which gets nothing', async () => {
    await make()
    const copy = { ...first, id: 'other~libvirt~web', host: 'other' }
    // A link of the copy itself, seen to end: what was published before has been looked at by then.
    const own = { guest: copy.id, identity: 'uuid-0', kind: 'serial', user: ada.id, createdAt: at, expiresAt: at + 60_000 }
    await db.watchLink.create({ data: { id: 'own', tokenHash: 'x', ...own } })
    bus.publish({ type: 'guest', guest: copy })
    await expect.poll(async () => (await db.watchLink.findUnique({ where: { id: 'own' } }))?.revokedAt).toBe(at)
    await expect.poll(async () => (await watch.list(id)).length).toBe(1)
    expect(await watch.list(copy.id)).toEqual([])
  })

  it('does not come while the host is away', async () => {
    const { token } = await make()
    guest = undefined
    await expect(watch.look(token, '::1')).rejects.toMatchObject({ code: 'unavailable' })
    guest = first
    expect(await watch.look(token, '::1')).toBeDefined()
  })
})

describe('guessing', () => {
  const outcome = (token: string, from: string) =>
    watch.look(token, from).then(
      () => 'ok',
      (error: { code?: string }) => error.code,
    )

  it('costs time after twenty wrong ones, from that address only, and over a restart', async () => {
    const { token } = await make(60)
    for (let n = 0; n < 20; n++) expect(await outcome('A'.repeat(43), '10.0.0.1')).toBe('not-found')
    expect(await outcome(token, '10.0.0.1')).toBe('too-many')
    expect(await outcome(token, '10.0.0.2')).toBe('ok')
    watch.close()
    watch = create()
    expect(await outcome(token, '10.0.0.1')).toBe('too-many')
    at += 1000
    expect(await outcome(token, '10.0.0.1')).toBe('ok')
  })

  it.each(['', 'x', `${'A'.repeat(43)}=`, '../../etc/passwd'])('%j is no token', async (token) => {
    expect(await outcome(token, '::1')).toBe('not-found')
  })

  it('is not what a good link does, nor one that ended', async () => {
    const { token, link } = await make()
    for (let n = 0; n < 30; n++) expect(await outcome(token, '::1')).toBe('ok')
    await watch.revoke(id, link.id)
    for (let n = 0; n < 30; n++) expect(await outcome(token, '::1')).toBe('refused')
  })
})
