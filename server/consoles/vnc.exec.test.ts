import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startSshd } from '@/e2e/hosts/sshd'
import { sshOf } from '@/server/exec/fixtures/hosts'
import { createSshExec } from '@/server/exec/ssh'
import { guestId } from '@/server/model/guest'
import { consoleServer, guestOf } from './fixtures/console-server'
import { oneAtATime, qemuScreen } from './fixtures/qemu-screen'
import { ScreenClient } from './fixtures/screen-client'
import { extendedKeyEvent, pointerEvent } from './vnc-wire'

const ends: (() => Promise<unknown> | unknown)[] = []
let qemu: Awaited<ReturnType<typeof qemuScreen>>
let gate: Awaited<ReturnType<typeof oneAtATime>>
let server: Awaited<ReturnType<typeof consoleServer>>
beforeEach(async () => {
  qemu = await qemuScreen()
  ends.push(() => qemu.remove())
  gate = await oneAtATime(qemu.path)
  ends.push(() => gate.close())
  server = await consoleServer({ target: () => ({ kind: 'tcp', host: '127.0.0.1', port: gate.port }) })
  ends.push(() => server.close())
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function look(more = '', options?: { far?: boolean; eager?: boolean }): ScreenClient {
  const client = new ScreenClient(server.url('a', 'vnc', more), options)
  ends.push(() => client.socket.terminate())
  return client
}
const picture = (client: ScreenClient) => client.frame.read({ x: 0, y: 0, width: client.frame.width, height: client.frame.height })
const ref = { host: 'local', engine: 'incus', name: 'a' } as const

function press(client: ScreenClient, code: number): void {
  client.up.send(extendedKeyEvent(true, 0, code))
  client.up.send(extendedKeyEvent(false, 0, code))
}

describe('/ws/vnc', () => {
  it('shows the same picture to all, over the one connection that the server takes', async () => {
    const [one, two] = [look(), look('', { far: true })]
    await Promise.all([one, two].map((client) => client.until(() => client.lit > 500)))
    await qemu.booted()
    const shown = one.lit
    const marked = qemu.keys.length
    for (const code of [0x23, 0x12, 0x26, 0x26, 0x18]) press(one, code)
    await qemu.keysCame(marked + 5)
    expect(qemu.keys.slice(marked).map(([key]) => key)).toEqual([...'hello'])
    await Promise.all([one, two].map((client) => client.until(() => client.lit > shown)))
    await one.until(() => picture(one).equals(picture(two)))
    // The second one's pictures came packed.
    expect(two.received).toBeLessThan(one.received / 4)
    const third = look()
    await third.until(() => third.lit > shown)
    expect(gate.seen).toEqual({ most: 1, refused: 0, all: 1 })
    for (const client of [one, two, third]) client.close()
    // Nobody looks: the server's only place is free again.
    while (gate.open) await new Promise((resolve) => setImmediate(resolve))
  })

  it('lets nobody type who may only watch, or while another one types', async () => {
    const writer = look()
    await writer.until((client) => client.lit > 500)
    await qemu.booted()
    const watcher = look('&mode=watch')
    const other = look()
    await Promise.all([watcher, other].map((client) => client.until(() => client.lit > 500)))
    const marked = qemu.keys.length
    press(watcher, 0x11)
    watcher.up.send(pointerEvent(1, 5, 5))
    press(other, 0x12)
    other.send({ t: 'take' })
    await writer.until((client) => client.last('viewers')?.writer === other.last('hello')?.viewer)
    press(writer, 0x13)
    press(other, 0x14)
    await qemu.keysCame(marked + 1)
    expect(qemu.keys.slice(marked)).toEqual([['t', 0x14]])
    watcher.send({ t: 'take' })
    await watcher.until((client) => client.last('error') !== undefined)
    expect(other.last('viewers')?.writer).toBe(other.last('hello')?.viewer)
  })

  it('lets go of what somebody held down who left', async () => {
    const writer = look()
    await writer.until((client) => client.lit > 500)
    await qemu.booted()
    const other = look()
    await other.until((client) => client.lit > 500)
    // Shift, and never up again.
    writer.up.send(extendedKeyEvent(true, 0xffe1, 0x2a))
    const marked = qemu.keys.length
    press(writer, 0x1e)
    await qemu.keysCame(marked + 1)
    writer.close()
    await other.until((client) => client.last('viewers')?.writer === null)
    press(other, 0x1e)
    await qemu.keysCame(marked + 2)
    expect(qemu.keys.slice(marked).map(([key]) => key)).toEqual(['A', 'a'])
  })

  it('does not wait for a page that takes nothing, which gets the newest picture and no old ones', async () => {
    const quick = look()
    await quick.until((client) => client.lit > 500)
    await qemu.booted()
    const slow = look('', { eager: false })
    await slow.until((client) => client.updates.length === 1)
    const before = slow.updates.length
    for (let line = 0; line < 20; line++) {
      const marked = qemu.keys.length
      const seen = quick.updates.length
      press(quick, 0x1e)
      await qemu.keysCame(marked + 1)
      await quick.until((client) => client.updates.length > seen)
    }
    expect(slow.updates.length).toBe(before)
    slow.up.request()
    await slow.until((client) => client.updates.length > before)
    slow.eager = true
    slow.up.request()
    await slow.until((client) => picture(client).equals(picture(quick)))
    expect(slow.updates.length - before).toBeLessThan(10)
  })

  it('follows a screen that changes its size', async () => {
    const [one, two] = [look(), look()]
    await Promise.all([one, two].map((client) => client.until(() => client.lit > 500)))
    await qemu.booted()
    await one.until(() => one.frame.width === 720 && one.frame.height === 400)
    press(one, 0x22)
    for (const client of [one, two]) await client.until(() => client.frame.width === 640 && client.frame.height === 480)
    press(one, 0x1e)
    await Promise.all([one, two].map((client) => client.until(() => client.lit > 20)))
    await one.until(() => picture(one).equals(picture(two)))
  })

  it('says that the screen was lost, keeps what was seen, and goes on when it is back', async () => {
    const client = look()
    await client.until(() => client.lit > 500)
    await qemu.booted()
    // Between two sizes there is no picture to keep.
    await client.until(() => client.frame.width === 720 && client.frame.height === 400 && client.lit > 500)
    await qemu.end()
    await client.until(() => client.last('state')?.state === 'waiting')
    expect(client.last('state')?.text).not.toBe('')
    const late = look()
    await late.until(() => late.lit > 500)
    expect(late.last('state')?.state).toBe('waiting')
    qemu.again()
    await Promise.all([client, late].map((each) => each.until(() => each.last('state')?.state === 'attached')))
    await qemu.booted()
    await client.until(() => client.lit > 500)
    expect(client.closed).toBeNull()
  })

  it('is reached over ssh, its pictures packed; it waits for a host that was lost', async () => {
    const sshd = await startSshd({})
    ends.push(() => sshd.stop())
    const exec = createSshExec(sshOf(sshd))
    // A second way past the door that lets in one: QEMU itself shows what is right.
    const far = await consoleServer({ exec, target: () => ({ kind: 'unix', path: qemu.path }), transport: 'ssh' })
    ends.push(() => far.close())
    const [client, near] = [new ScreenClient(far.url('a', 'vnc')), look()]
    ends.push(() => client.socket.terminate())
    await Promise.all([client, near].map((each) => each.until(() => each.lit > 500)))
    await qemu.booted()
    await client.until(() => picture(client).equals(picture(near)))
    await sshd.kill()
    await client.until(() => client.last('state')?.state === 'waiting')
    await sshd.start()
    exec.retry()
    await client.until(() => client.last('state')?.state === 'attached')
    await client.until(() => client.lit > 500)
    press(client, 0x1e)
    await qemu.keysCame(1)
  }, 60_000)

  it('gives a small picture without a second connection, and another one when the screen changed', async () => {
    await expect(server.consoles.picture({ ...ref, name: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
    const first = await server.consoles.picture(ref)
    const client = look()
    await qemu.booted()
    // The picture of before, 640 by 480 pixels, may still be there when the guest's own is drawn.
    await client.until(() => client.frame.height === 400 && client.lit > 500)
    const all = await Promise.all(Array.from({ length: 5 }, () => server.consoles.picture(ref)))
    expect(new Set(all.map(({ tag }) => tag)).size).toBe(1)
    const { png, tag, stale } = all[0] ?? first
    expect(stale).toBe(false)
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([640, 356])
    const rows = inflateSync(png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8))
    expect(rows.length).toBe((640 * 3 + 1) * 356)
    expect(rows.filter((value) => value > 60).length).toBeGreaterThan(500)
    press(client, 0x1e)
    // An update may be on its way to the client since before the key: only the picture tells.
    await expect.poll(async () => (await server.consoles.picture(ref)).tag, { timeout: 20_000 }).not.toBe(tag)
    expect(gate.seen.refused).toBe(0)
    expect(gate.seen.most).toBe(1)
  })

  it('gives no picture of a guest that is off', async () => {
    server.publish({ type: 'guest', guest: guestOf('a', { id: guestId('local', 'incus', 'a'), state: 'stopped' }) })
    await expect(server.consoles.picture(ref)).rejects.toMatchObject({ code: 'refused', message: 'It is not running' })
    expect(gate.seen.all).toBe(0)
  })

  it('says why there is no screen', async () => {
    await gate.close()
    const client = look()
    await client.until((c) => c.closed !== null)
    expect(client.closed?.code).toBe(4410)
    expect(client.closed?.reason).not.toBe('')
  })
})
