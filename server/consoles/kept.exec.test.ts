import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ConsoleTarget } from '@/server/model/console'
import { consoleServer, guestOf } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'
import { createKeptSessions } from './kept'

let folder = ''
const ends: (() => Promise<unknown> | unknown)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-kept-'))
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  rmSync(folder, { recursive: true, force: true })
})

const bash: ConsoleTarget = { kind: 'pty', argv: ['/bin/bash', '--norc', '-i'], env: { PS1: '$ ' } }
type Options = Parameters<typeof consoleServer>[0]

/** A server that keeps text in `folder`; closing it twice is closing it once. */
async function serve(options: Options) {
  const server = await consoleServer({ ...options, folder: join(folder, 'kept') })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= server.close()
    return closed
  }
  ends.push(close)
  return { ...server, close }
}
function watch(url: string) {
  const client = new SocketClient(url)
  ends.push(() => client.socket.terminate())
  return client
}
const attached = (client: SocketClient) => client.until((c) => c.last('state')?.state === 'attached')

it('shows after a restart what was there before, goes on at the byte, and says that the shell is a new one', async () => {
  const first = await serve({ target: () => bash })
  const before = watch(first.url('a'))
  await attached(before)
  before.type('echo be""fore\r')
  await before.until((c) => /before\r\n.*\$ $/s.test(c.text))
  const { seq } = before
  const session = before.last('hello')?.session
  await first.close()

  const second = await serve({ target: () => bash })
  const after = watch(second.url('a', 'shell', `&session=${session}&from=${seq}`))
  await after.until((c) => /restarted.*\$ $/s.test(c.text))
  expect(after.last('hello')).toMatchObject({ session, from: seq, lost: 0 })
  expect(after.text).not.toContain('before')
  expect(after.text).toContain('this is a new one')

  const newcomer = watch(second.url('a'))
  await newcomer.until((c) => c.text.includes('this is a new one'))
  expect(newcomer.text).toContain('before\r\n')
})

it('keeps the newest bytes of a flood, each once and in order', async () => {
  const limits = { ringBytes: 256 * 1024, windowBytes: 64 * 1024, windowRange: [64 * 1024, 64 * 1024] as [number, number] }
  const first = await serve({ target: () => bash, limits })
  const before = watch(first.url('a'))
  await attached(before)
  const ended = (c: SocketClient) => /done\r\n.*\$ $/s.test(c.bytes.subarray(-64).toString())
  before.type('seq 1 100000; echo do""ne\r')
  await before.until(ended)
  expect(before.last('skip')).toBeUndefined()
  const whole = before.bytes
  await first.close()

  const second = await serve({ target: () => ({ kind: 'pty', argv: ['/no/such/program'] }), limits })
  const all = watch(second.url('a', 'shell', `&session=${before.last('hello')?.session}&from=0`))
  await all.until((c) => c.last('hello') !== undefined && c.seq >= before.seq)
  const { from = 0, lost } = all.last('hello') ?? {}
  expect(lost).toBe(from)
  expect(whole.length - from).toBeGreaterThan(200 * 1024)
  expect(all.bytes.subarray(0, whole.length - from).equals(whole.subarray(from))).toBe(true)
  expect(readdirSync(join(folder, 'kept')).length).toBe(1)
})

it('goes on in the serial log where it ended, with what was printed while the server was down', async () => {
  const log = join(folder, 'serial.log')
  writeFileSync(log, 'line one\r\nline two\r\n')
  const target: Options['target'] = () => ({ kind: 'pty', argv: ['/bin/cat'], log: { path: log } })
  const first = await serve({ target })
  const before = watch(first.url('a', 'serial'))
  await before.until((c) => c.text === 'line one\r\nline two\r\n')
  await first.close()
  appendFileSync(log, 'line three\r\n')

  const second = await serve({ target })
  const after = watch(second.url('a', 'serial', `&session=${before.last('hello')?.session}&from=${before.seq}`))
  await after.until((c) => c.text.length > 0)
  expect(after.text).toBe('line three\r\n')
  appendFileSync(log, 'line four\r\n')
  await after.until((c) => c.text.endsWith('line four\r\n'))
  expect(after.text).toBe('line three\r\nline four\r\n')
})

it('says that output may be missing when the log does not hold the place', async () => {
  const log = join(folder, 'serial.log')
  writeFileSync(log, 'of the first life\r\n')
  const target: Options['target'] = () => ({ kind: 'pty', argv: ['/bin/cat'], log: { path: log } })
  const first = await serve({ target })
  await watch(first.url('a', 'serial')).until((c) => c.text.includes('first life'))
  await first.close()
  writeFileSync(log, 'of another log\r\n')
  const second = await serve({ target })
  const after = watch(second.url('a', 'serial'))
  await after.until((c) => c.text.includes('may be missing here'))
  expect(after.text).toContain('of the first life')
})

it.each([
  ['says so of a port that is attached again, when its log does not hold the place', 'another log, and a longer one\n'.repeat(5000), true],
  ['says nothing of a log that the guest began anew', 'anew\n', false],
])('%s', async (_, next, told) => {
  const [log, second, replaced] = ['serial.log', 'second', 'replaced'].map((name) => join(folder, name)) as [string, string, string]
  writeFileSync(log, '')
  writeFileSync(replaced, next)
  // A guest whose words are on its terminal and in its log, until it is told to end; then it has another log.
  const once = `sed -u /END/q | tee -a '${log}'; touch '${second}'; cp '${replaced}' '${log}'`
  const guest = `stty raw -echo; if [ -e '${second}' ]; then exec tee -a '${log}'; else ${once}; fi`
  const target: Options['target'] = () => ({ kind: 'pty', argv: ['/bin/sh', '-c', guest], log: { path: log } })
  // Its place is noted when the terminal has taken over from the log, and not because it was silent.
  const server = await serve({ target, limits: { quietMs: 3_600_000 } })
  const client = watch(server.url('a', 'serial'))
  await attached(client)
  const offset = () => Number(/"offset":(\d+)/.exec(readFileSync(placeFile(), 'utf8'))?.[1])
  const placeFile = () => join(folder, 'kept', readdirSync(join(folder, 'kept'))[0] ?? '', 'place.json')
  for (let i = 0; offset() === 0; i++) {
    client.type(`line ${i} of what the guest says on its port and in its log alike\n`)
    await client.until((c) => c.text.includes(`line ${i} of`))
  }
  client.type('END\n')
  await client.until((c) => c.text.includes('attached again, the same console goes on'))
  client.type('after it\n')
  const says = (c: SocketClient) => c.text.includes('the console was attached again · output may be missing here')
  await client.until((c) => c.text.includes('after it\n') && (says(c) || !told))
  expect(says(client)).toBe(told)
})

it('begins anew for another guest of the same name, and forgets one that is gone', async () => {
  const first = await serve({ target: () => bash, guests: [guestOf('a', { identity: 'one' })] })
  const before = watch(first.url('a'))
  await attached(before)
  before.type('echo sec""ret\r')
  await before.until((c) => c.text.includes('secret\r\n'))
  await first.close()

  const second = await serve({ target: () => bash, guests: [guestOf('a', { identity: 'two' })] })
  const after = watch(second.url('a'))
  await after.until((c) => c.text.endsWith('$ '))
  expect(after.text).not.toContain('secret')
  second.publish({ type: 'guest.removed', id: guestOf('a').id })
  await after.until((c) => c.closed !== null)
  await second.close()
  expect(readdirSync(join(folder, 'kept'))).toEqual([])
})

it('lets the text of a closed console go with its guest to another name, in whatever order that is told', async () => {
  const guest = (name: string, identity: string) => guestOf(name, { identity })
  const text = async (server: Awaited<ReturnType<typeof serve>>, name: string) => {
    const client = watch(server.url(name))
    await client.until((c) => c.text.endsWith('$ '))
    return client.text
  }
  const first = await serve({ target: () => bash, guests: [guest('a', 'one')] })
  const before = watch(first.url('a'))
  await attached(before)
  before.type('echo fi""rst\r')
  await before.until((c) => /first\r\n.*\$ $/s.test(c.text))
  await first.close()

  const second = await serve({ target: () => bash, guests: [guest('a', 'one')] })
  second.publish({ type: 'guest.removed', id: guest('a', 'one').id })
  second.publish({ type: 'guest', guest: guest('b', 'one') })
  second.publish({ type: 'guest', guest: guest('c', 'one') })
  second.publish({ type: 'guest.removed', id: guest('b', 'one').id })
  second.publish({ type: 'guest', guest: guest('a', 'two') })
  expect(await text(second, 'a')).not.toContain('first')
  expect(await text(second, 'c')).toContain('first\r\n')
  await second.close()

  const third = await serve({ target: () => bash, guests: [] })
  third.publish({ type: 'guest.removed', id: guest('a', 'two').id })
  third.publish({ type: 'guest.removed', id: guest('c', 'one').id })
  await third.close()
  expect(readdirSync(join(folder, 'kept'))).toEqual([])
})

it('finds the text of a guest that got another name while the server was down, and gives it to no other', async () => {
  const guest = (name: string, identity: string) => guestOf(name, { identity })
  const first = await serve({ target: () => bash, guests: [guest('a', 'one'), guest('b', 'two')] })
  for (const name of ['a', 'b']) {
    const client = watch(first.url(name))
    await attached(client)
    client.type(`echo said by ${name}""${name}\r`)
    await client.until((c) => c.text.includes(`said by ${name}${name}\r\n`))
  }
  await first.close()

  // One is renamed, another made anew with its name; the other host's copy of it is another guest.
  const copy = guestOf('c', { id: 'far~incus~c', host: 'far', identity: 'two' })
  const second = await serve({ target: () => bash, guests: [guest('z', 'one'), guest('a', 'new'), guest('b', 'two'), copy] })
  const text = async (id: string) => {
    const client = watch(second.url('a').replace(encodeURIComponent(guestOf('a').id), encodeURIComponent(id)))
    await client.until((c) => c.text.endsWith('$ '))
    return client.text
  }
  expect(await text(guestOf('a').id)).not.toContain('said by')
  expect(await text(guestOf('z').id)).toContain('said by aa\r\n')
  expect(await text('far~incus~c')).not.toContain('said by')
  expect(await text(guestOf('b').id)).toContain('said by bb\r\n')
})

/** A keeper that a crash has left behind. */
async function crashed() {
  const kept = createKeptSessions(join(folder, 'kept'), { keepBytes: 1024 * 1024, totalBytes: 1024 ** 3 }, (error) =>
    expect.fail(String(error)),
  )
  const of = { guest: guestOf('a').id, kind: 'shell' } as const
  const keeper = kept.keeper(of, '0123456789abcdef', 0)
  keeper.append(Buffer.from('said before the crash\r\n'))
  keeper.flush()
  const [name = ''] = readdirSync(join(folder, 'kept'))
  return { kept, of, meta: join(folder, 'kept', name, 'session.json') }
}

it('is the same session after the server was killed: what was seen had been kept', async () => {
  const { kept, of } = await crashed()
  expect(kept.past(of)).toMatchObject({ whole: true, end: 23 })
  const server = await serve({ target: () => bash })
  const after = watch(server.url('a', 'shell', '&session=0123456789abcdef&from=5'))
  await after.until((c) => /before the crash\r\n.*this is a new one.*\$ $/s.test(c.text))
  expect(after.last('hello')).toMatchObject({ session: '0123456789abcdef', from: 5, lost: 0 })
})

it('is another session after the machine crashed, with the text that reached the disk', async () => {
  const { kept, of, meta } = await crashed()
  writeFileSync(meta, readFileSync(meta, 'utf8').replace(/"boot":"[^"]*"/, '"boot":"another"'))
  expect(kept.past(of)?.whole).toBe(false)
  const server = await serve({ target: () => bash })
  const after = watch(server.url('a', 'shell', '&session=0123456789abcdef&from=5'))
  await after.until((c) => /crash\r\n.*this is a new one.*\$ $/s.test(c.text))
  expect(after.last('hello')?.session).not.toBe('0123456789abcdef')
})

it('keeps lines of ours apart from what the guest said', async () => {
  const { kept, of } = await crashed()
  const keeper = kept.keeper(of, '0123456789abcdef', 0)
  const say = (text: string) => keeper.append(Buffer.from(text))
  say('one two ')
  keeper.place({ path: '/log', offset: 1000 })
  keeper.mark(6)
  say('[mark]')
  say('three')
  keeper.mark(6)
  say('[mark]')
  keeper.flush()
  expect(kept.past(of)).toMatchObject({ end: 25, tail: Buffer.from('one two three'), place: { path: '/log', offset: 1005 } })
})

it('forgets the oldest text when all of it is too much, and none that is open', async () => {
  const kept = createKeptSessions(join(folder, 'kept'), { keepBytes: 1000, totalBytes: 4000 }, (error) => expect.fail(String(error)))
  const of = (name: string) => ({ guest: guestOf(name).id, kind: 'serial' }) as const
  const open = kept.keeper(of('open'), '0123456789abcdef', 0)
  open.append(Buffer.alloc(900))
  open.flush()
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const keeper = kept.keeper(of(name), '0123456789abcdef', 0)
    keeper.append(Buffer.alloc(900))
    keeper.close()
  }
  kept.keeper(of('f'), '0123456789abcdef', 0)
  expect(['open', 'a', 'b', 'c', 'd', 'e', 'f'].filter((name) => kept.past(of(name)))).toEqual(['open', 'e', 'f'])
})
