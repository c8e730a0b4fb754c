import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { verify } from '@node-rs/argon2'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Database, openDatabase } from '../db/client'
import type { Access } from '../services'
import { createAccess } from './access'

/** The real one; its calls are noted. */
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>()
  return { ...real, verify: vi.fn(real.verify) }
})

const migrations = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
const day = 86_400_000
const password = 'correct horse battery'
let folder: string
let db: Database
let access: Access
let at: number
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-access-'))
  db = await openDatabase(join(folder, 'test.db'), migrations)
  at = 1_700_000_000_000
  access = createAccess({ db, log: pino({ level: 'silent' }), now: () => at })
})
afterEach(async () => {
  await db.$disconnect()
  rmSync(folder, { recursive: true })
})

const setUp = async () => access.setup({ token: await access.setupToken(), name: 'ada', password }, '::1')
const signIn = (given: string, name = 'ada', from = '::1') => access.signIn({ name, password: given }, from)
const cookie = (token: string) => `theme=dark; bailiwick_session=${token}`
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )

describe('the set-up link', () => {
  it('makes the administrator, once', async () => {
    expect(await access.needsSetup()).toBe(true)
    const token = await access.setupToken()
    const session = await access.setup({ token, name: 'ada', password }, '::1')
    expect(session.user).toMatchObject({ name: 'ada', role: 'admin' })
    expect(await access.needsSetup()).toBe(false)
    expect(await outcome(access.setup({ token, name: 'eve', password }, '::1'))).toBe('refused')
    expect(await db.user.count()).toBe(1)
  })

  it('is used by one of many who use it at the same moment', async () => {
    const token = await access.setupToken()
    const names = ['a', 'b', 'c', 'd', 'e']
    const outcomes = await Promise.all(names.map((name) => outcome(access.setup({ token, name, password }, name))))
    expect(outcomes.sort()).toEqual(['ok', 'refused', 'refused', 'refused', 'refused'])
    expect(await db.user.count()).toBe(1)
  })

  it('is void when a newer one was made, when it is guessed, and once there is a user', async () => {
    const old = await access.setupToken()
    const token = await access.setupToken()
    for (const wrong of [old, 'x', '', `${token}x`])
      expect(await outcome(access.setup({ token: wrong, name: 'eve', password }, wrong))).toBe('refused')
    await access.setup({ token, name: 'ada', password }, '::1')
    expect(await outcome(access.setup({ token: await access.setupToken(), name: 'eve', password }, '::1'))).toBe('refused')
  })
})

describe('what the database holds', () => {
  it('lets nobody in: no password, no token', async () => {
    const setupToken = await access.setupToken()
    const { token } = await access.setup({ token: setupToken, name: 'ada', password }, '::1')
    await access.setupToken()
    const all = JSON.stringify([
      await db.user.findMany(),
      await db.session.findMany(),
      await db.setting.findMany(),
      await db.audit.findMany(),
    ])
    for (const secret of [password, token, setupToken]) expect(all).not.toContain(secret)
    expect(all).toMatch(/\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })
})

describe('signing in', () => {
  it('says the same for an unknown name and a wrong password, and takes as much work', async () => {
    await setUp()
    const words = (work: Promise<unknown>) =>
      work.then(
        () => '',
        (error: Error) => error.message,
      )
    const worked = async (work: () => Promise<string>) => {
      vi.mocked(verify).mockClear()
      return [await work(), vi.mocked(verify).mock.calls.map(([hash]) => /^\$argon2id\$[^$]+\$[^$]+/.exec(String(hash))?.[0])] as const
    }
    const [unknown, unknownWork] = await worked(() => words(signIn(password, 'nobody')))
    const [wrong, wrongWork] = await worked(() => words(signIn('wrong password')))
    expect(unknown).toBe(wrong)
    expect(wrong).toBe('The name or the password is wrong')
    // A password is checked against a hash of the same cost, name or no name: else the time would tell.
    expect(wrongWork).toEqual(['$argon2id$v=19$m=19456,t=2,p=1'])
    expect(unknownWork).toEqual(wrongWork)
  })

  it('writes down who tried, from where, and how it ended', async () => {
    await setUp()
    await outcome(signIn('wrong password', 'ada', '192.0.2.7'))
    const entry = await db.audit.findFirst({ where: { ok: false } })
    expect(entry).toMatchObject({ action: 'session.signIn', target: 'ada', from: '192.0.2.7', ok: false })
  })

  it('makes a name wait longer and longer, from any address, and never more than a minute', async () => {
    await setUp()
    let from = 0
    const attempt = (given: string) => outcome(signIn(given, from % 2 ? 'ADA' : 'ada', `192.0.2.${from++}`))
    for (let i = 0; i < 5; i++) expect(await attempt('wrong password')).toBe('unauthenticated')
    const waits: number[] = []
    for (let i = 0; i < 8; i++) {
      const refusal = await signIn(password, 'ada', `198.51.100.${i}`).then(
        () => '',
        (error: Error) => error.message,
      )
      const seconds = Number(/^Too many tries\. Wait (\d+) s/.exec(refusal)?.[1])
      waits.push(seconds)
      at += seconds * 1000
      expect(await attempt('wrong password')).toBe('unauthenticated')
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    at += 60_000
    expect(await outcome(signIn(password))).toBe('ok')
    expect(await outcome(signIn('wrong password'))).toBe('unauthenticated')
  })

  it('makes an address wait, whatever names it tries', async () => {
    await setUp()
    for (let i = 0; i < 10; i++) expect(await outcome(signIn('wrong password', `name${i}`, '192.0.2.1'))).toBe('unauthenticated')
    expect(await outcome(signIn(password, 'ada', '192.0.2.1'))).toBe('too-many')
    expect(await outcome(signIn(password, 'ada', '192.0.2.2'))).toBe('ok')
  })

  it('counts tries made at the same moment', async () => {
    await setUp()
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => outcome(signIn('wrong password', 'ada', `192.0.2.${i}`))))
    expect(outcomes.filter((each) => each === 'unauthenticated')).toHaveLength(5)
  })

  it('is not made easier by a restart, and the owner still gets in', async () => {
    await setUp()
    for (let i = 0; i < 7; i++) {
      expect(await outcome(signIn('wrong password', 'ada', `192.0.2.${i}`))).toBe('unauthenticated')
      at += 3000
    }
    for (let i = 0; i < 10; i++) await outcome(signIn('wrong password', `name${i}`, '198.51.100.1'))
    at += 1000
    const next = createAccess({ db, log: pino({ level: 'silent' }), now: () => at })
    const again = (name: string, from: string) => outcome(next.signIn({ name, password }, from))
    expect(await again('ada', '203.0.113.1')).toBe('ok')
    expect(await again('ada', '203.0.113.1')).toBe('ok')
    expect(await again('ada', '198.51.100.1')).toBe('ok')
    expect(await db.throttle.findUnique({ where: { key: 'name:ada' } })).toBeNull()
    expect(await db.throttle.findUnique({ where: { key: 'address:198.51.100.1' } })).toMatchObject({ failures: 10 })
  })

  it('waits as long after a restart as before', async () => {
    await setUp()
    const words = (access: Access) =>
      access.signIn({ name: 'ada', password }, '203.0.113.9').then(
        () => '',
        (error: Error) => error.message,
      )
    for (let i = 0; i < 5; i++) await outcome(signIn('wrong password', 'ada', `192.0.2.${i}`))
    for (const wait of [1000, 2000, 4000]) {
      at += wait
      expect(await outcome(signIn('wrong password', 'ada', '192.0.2.99'))).toBe('unauthenticated')
    }
    expect(await words(access)).toMatch(/Wait 8 s/)
    const next = () => createAccess({ db, log: pino({ level: 'silent' }), now: () => at })
    expect(await words(next())).toMatch(/Wait 8 s/)
    at += 3_600_001
    expect(await words(next())).toBe('')
    expect(await db.throttle.count()).toBe(0)
  })

  it('may be done often by the one who knows the password', async () => {
    await setUp()
    for (let i = 0; i < 30; i++) expect(await outcome(signIn(password))).toBe('ok')
  })
})

describe('a session', () => {
  it('is found by its cookie alone, in whatever company', async () => {
    const { token, user } = await setUp()
    expect((await access.session(cookie(token)))?.user).toEqual(user)
    for (const header of [
      undefined,
      '',
      'bailiwick_session',
      `xbailiwick_session=${token}`,
      cookie(`${token}x`),
      cookie(token.slice(1)),
      cookie(token.toLowerCase()),
    ])
      expect(await access.session(header)).toBeNull()
  })

  it('ends a week after its last use, and not before', async () => {
    const { token } = await setUp()
    at += 6 * day
    expect(await access.session(cookie(token))).not.toBeNull()
    at += 6 * day
    expect(await access.session(cookie(token))).not.toBeNull()
    at += 7 * day + 1
    expect(await access.session(cookie(token))).toBeNull()
  })

  it('ends a month after it began, however much it is used', async () => {
    const { token, expiresAt } = await setUp()
    expect(expiresAt).toBe(at + 30 * day)
    for (let i = 0; i < 29; i++) {
      at += day
      expect(await access.session(cookie(token))).not.toBeNull()
    }
    at += day
    expect(await access.session(cookie(token))).toBeNull()
  })

  it('outlives the server', async () => {
    const { token } = await setUp()
    const next = createAccess({ db, log: pino({ level: 'silent' }), now: () => at })
    expect((await next.session(cookie(token)))?.user.name).toBe('ada')
  })

  it('ends at once when it is signed out, also for who asks meanwhile, and tells the sockets', async () => {
    const { token } = await setUp()
    const other = await signIn(password)
    const told: string[] = []
    const stop = access.onRevoked((ended) => told.push(ended))
    const [, , ...asked] = await Promise.all([access.session(cookie(token)), access.signOut(token), access.session(cookie(token))])
    expect(asked).toHaveLength(1)
    expect(await access.session(cookie(token))).toBeNull()
    expect(await access.session(cookie(other.token))).not.toBeNull()
    await access.signOut(token)
    expect(told).toEqual([token])
    stop()
    await access.signOut(other.token)
    expect(told).toEqual([token])
  })

  it('ends with its user', async () => {
    const { token, user } = await setUp()
    await access.session(cookie(token))
    await db.user.delete({ where: { id: user.id } })
    at += 61_000
    expect(await access.session(cookie(token))).toBeNull()
  })
})

describe('an administrator', () => {
  it('may do everything', async () => {
    const { user } = await setUp()
    expect(access.allows(user, 'guest.remove', '*')).toBe(true)
    expect(access.allows(user, 'host.change', 'host/local')).toBe(true)
  })
})
