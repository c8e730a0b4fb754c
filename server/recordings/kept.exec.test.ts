import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { guestOf } from '../consoles/fixtures/console-server'
import { guest, openedAgain, outputOf, run, say } from './fixture-shells'

describe('whose it is', () => {
  it('is the guest, not its name: a later guest of the name has neither its setting nor its recordings', async () => {
    let identity = 'first'
    const recorded = await run({ identity: () => identity })
    await recorded.service.setRule(guest, { mode: 'always', input: true })
    await recorded.view().then((client) => say(client, 'echo a""b', 'ab\r\n'))
    identity = 'second'
    expect(recorded.service.rule(guest)).toEqual({ mode: 'demand', input: false })
    const of = (name: string) => recorded.service.list({ guest, identity: name, limit: 10 }, () => true)
    expect(await of('second')).toEqual([])
    expect(await of('first')).toHaveLength(1)
    identity = 'first'
    expect(recorded.service.rule('local~incus~renamed')).toEqual({ mode: 'always', input: true })
  })

  it('goes on under the new name of a guest, with its setting and what somebody was recording', async () => {
    const recorded = await run({ identity: () => 'one', guests: [guestOf('a', { identity: 'one' })] })
    const client = await recorded.view()
    await recorded.service.record({ id: guest, kind: 'shell' }, 'ada')
    await say(client, 'echo und""er', 'under\r\n')
    recorded.server.publish({ type: 'guest.removed', id: guest })
    recorded.server.publish({ type: 'guest', guest: guestOf('b', { identity: 'one' }) })
    await say(client, 'echo new""name', 'newname\r\n')
    expect(client.last('recording')).toMatchObject({ on: true, by: 'ada' })
    const of = { id: guestOf('b').id, kind: 'shell' as const }
    await recorded.service.record(of, null)
    await client.until((c) => c.last('recording')?.on === false)
    await recorded.close()
    const [later, earlier, ...more] = await openedAgain(recorded)
    expect([more, earlier?.guest, later?.guest]).toEqual([[], guest, of.id])
    expect(outputOf(recorded.events(later?.id ?? ''))).toContain('newname')
    expect(outputOf(recorded.events(later?.id ?? ''))).not.toContain('under\r\n')
  })

  it('is kept from those who may not see the guest', async () => {
    const recorded = await run()
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    await recorded.view().then((client) => say(client, 'echo find""me', 'findme\r\n'))
    const nobody = () => false
    expect(await recorded.service.list({ limit: 10 }, nobody)).toEqual([])
    expect((await recorded.service.search({ text: 'findme', kept: true }, nobody, undefined)).hits).toEqual([])
  })
})

describe('searching', () => {
  it('finds lines in recordings with their second, and in the text of open consoles', async () => {
    const recorded = await run()
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    const client = await recorded.view()
    await say(client, `echo one; echo 'the Nee""dle here' | tr -d '"'; echo three`, 'Needle here\r\nthree\r\n')
    const look = () => recorded.service.search({ text: 'needle HERE', kept: true }, () => true, undefined)
    await expect.poll(async () => (await look()).hits.map(({ recording }) => recording === null)).toEqual([true, false])
    const { hits, cut } = await look()
    expect(cut).toBeUndefined()
    const [, hit] = hits
    expect(hit).toMatchObject({ guest, kind: 'shell', line: 'the Needle here', after: ['three', '$'] })
    expect(hit?.before.at(-1)).toBe('one')
    expect(hit && 'seconds' in hit && hit.seconds > 0).toBe(true)
    // Its text is made once it has ended; the same is found there.
    await recorded.close()
    const again = await run({}, join(recorded.path('x'), '../..'))
    const [{ id = '' } = {}] = await again.all()
    await expect.poll(() => existsSync(again.path(id).replace(/cast$/, 'lines'))).toBe(true)
    const found = await again.service.search({ text: 'Needle', kept: false }, () => true, undefined)
    expect(found.hits).toEqual([expect.objectContaining({ line: 'the Needle here', before: hit?.before })])
  })

  it('stops when nobody wants to know', async () => {
    const recorded = await run()
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    await recorded.view().then((client) => say(client, 'seq 1 1000; echo do""ne', 'done\r\n'))
    await expect(recorded.service.search({ text: 'one', kept: true }, () => true, AbortSignal.abort(new Error('gone')))).rejects.toThrow(
      'gone',
    )
  })
})

it('removes what is too old or too much, never what goes on, and writes it down', async () => {
  let now = Date.now()
  const recorded = await run({ now: () => now })
  await recorded.service.setRule(guest, { mode: 'demand', input: false })
  const client = await recorded.view()
  const of = { id: guest, kind: 'shell' as const }
  await recorded.service.record(of, 'ada')
  await say(client, 'echo ol""d', 'old\r\n')
  const [old] = await recorded.all()
  await expect(recorded.service.remove(old?.id ?? '')).rejects.toThrow('goes on')
  await recorded.service.record(of, null)
  await recorded.service.record(of, 'ada')
  await say(client, 'echo ne""w', 'new\r\n')
  now += 100 * 24 * 3600_000
  await recorded.service.setKeep({ days: 90, bytes: 2 ** 30 })
  await expect.poll(async () => (await recorded.all()).map(({ user }) => user)).toEqual(['ada'])
  expect(existsSync(recorded.path(old?.id ?? ''))).toBe(false)
  expect(recorded.audited).toEqual([`recording.expire ${guest} ${old?.id}`])
})
