import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConsoleTarget } from '@/server/model/console'
import { consoleServer, guestOf } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

type Running = Awaited<ReturnType<typeof consoleServer>>
const ends: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const bash: ConsoleTarget = { kind: 'pty', argv: ['/bin/bash', '--norc', '-i'], env: { PS1: '$ ' } }
const cat: ConsoleTarget = { kind: 'pty', argv: ['/bin/cat'] }

async function serve(options: Partial<Parameters<typeof consoleServer>[0]> & { target: Parameters<typeof consoleServer>[0]['target'] }) {
  const server = await consoleServer(options)
  ends.push(() => server.close())
  return server
}
function watch(url: string, ack = true) {
  const client = new SocketClient(url, ack)
  ends.push(() => client.socket.terminate())
  return client
}
const typing = async (server: Running, name = 'a') => {
  const client = watch(server.url(name))
  await client.until((c) => c.last('state')?.state === 'attached')
  return client
}

describe('a shell on a real terminal', () => {
  it('answers what is typed, at the size of the glass', async () => {
    const server = await serve({ target: () => bash })
    const client = watch(server.url('a', 'shell', '&cols=101&rows=33'))
    await client.until((c) => c.text.endsWith('$ '))
    client.type('stty size; echo $((6*7))\r')
    await client.until((c) => c.text.includes('42\r\n'))
    expect(client.text).toContain('33 101')
    client.send({ t: 'resize', cols: 90, rows: 20 })
    await client.until((c) => c.last('size')?.cols === 90)
    client.type('stty size\r')
    await client.until((c) => c.text.includes('20 90'))
  })

  it('is given what was typed while it was being opened', async () => {
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const server = await serve({ target: () => bash, console: () => opened.then(() => bash) })
    const client = watch(server.url('a'))
    await client.until((c) => c.last('state')?.state === 'waiting')
    client.type('echo ear""ly\r')
    // Answers to later frames say that the earlier one was taken.
    client.send({ t: 'ping' })
    await client.until((c) => c.last('pong') !== undefined)
    open()
    await client.until((c) => c.text.includes('early\r\n'))
  })

  it('says that it ended, and opens a new one when asked', async () => {
    const server = await serve({ target: () => bash })
    const client = await typing(server)
    client.type('exit 3\r')
    await client.until((c) => c.last('state')?.state === 'ended')
    expect(client.last('state')?.text).toBe('The shell ended (exit code 3).')
    client.send({ t: 'reconnect' })
    await client.until((c) => c.last('state')?.state === 'attached')
    client.type('echo new""shell\r')
    await client.until((c) => c.text.includes('newshell\r\n'))
  })

  it('says that it cannot be opened and why', async () => {
    const server = await serve({ target: () => ({ kind: 'pty', argv: ['/no/such/program'] }) })
    const client = watch(server.url('a'))
    await client.until((c) => c.last('state')?.state === 'ended')
    expect(client.last('state')?.text).toContain('/no/such/program')
  })
})

describe('several viewers', () => {
  it('show the same; one types until another takes over', async () => {
    const server = await serve({ target: () => cat })
    const first = await typing(server)
    const second = await typing(server)
    await first.until((c) => c.last('viewers')?.viewers.length === 2)
    expect(second.last('hello')?.writer).toBe(first.last('hello')?.viewer)

    second.type('not mine\r')
    await second.until((c) => c.last('error') !== undefined)
    first.type('mine\r')
    await second.until((c) => c.text.includes('mine\r\nmine\r\n'))
    expect(first.text).not.toContain('not mine')

    second.send({ t: 'take' })
    await first.until((c) => c.last('viewers')?.writer === second.last('hello')?.viewer)
    second.type('now mine\r')
    await first.until((c) => c.text.includes('now mine\r\nnow mine\r\n'))

    second.close()
    await first.until((c) => c.last('viewers')?.viewers.length === 1)
    expect(first.last('viewers')?.writer).toBeNull()
  })

  it('are not stalled by one that takes nothing, and that one is told what it lost', async () => {
    const limits = { ringBytes: 256 * 1024, windowBytes: 64 * 1024, windowRange: [64 * 1024, 64 * 1024] as [number, number] }
    const server = await serve({ target: () => bash, limits })
    const quick = await typing(server)
    const slow = watch(server.url('a'), false)
    await slow.until((c) => c.last('hello') !== undefined)
    quick.type('yes 0123456789012345678901234567890123456789 | head -n 100000; echo do""ne\r')
    await quick.until((c) => c.text.includes('done\r\n'))
    expect(quick.bytes.length).toBeGreaterThan(4_000_000)
    expect(slow.bytes.length).toBeLessThanOrEqual(64 * 1024)
    slow.send({ t: 'ack', seq: slow.seq })
    await slow.until((c) => c.last('skip') !== undefined)
    expect(slow.last('skip')?.lost).toBeGreaterThan(3_000_000)
  })

  it('are cut off when they take nothing for long', async () => {
    const server = await serve({ target: () => bash, limits: { stallMs: 50, cutOffMs: 1500 } })
    const good = await typing(server)
    const bad = watch(server.url('a'), false)
    await bad.until((c) => c.last('hello') !== undefined)
    good.type('echo hello\r')
    await bad.until((c) => c.closed !== null)
    good.type('echo still""here\r')
    await good.until((c) => c.text.includes('stillhere\r\n'))
  })

  it('hold the program back instead of losing bytes when all of them are slow', async () => {
    const server = await serve({ target: () => bash, limits: { ringBytes: 1024 * 1024, stallMs: 60_000 } })
    const client = watch(server.url('a'), false)
    await client.until((c) => c.last('state')?.state === 'attached')
    client.type('seq 1 400000; echo do""ne\r')
    const numbers = Array.from({ length: 400_000 }, (_, i) => `${i + 1}\r\n`).join('')
    // Acknowledges only what it got when nothing more comes: every step needs the source to go on.
    while (!client.text.includes('done\r\n')) {
      const before = client.seq
      client.send({ t: 'ack', seq: before })
      await client.until((c) => c.seq > before)
    }
    expect(client.last('skip')).toBeUndefined()
    expect(client.text).toContain(numbers)
  })
})

describe('coming back after a cut', () => {
  it('gives exactly the bytes that were missed, wherever it is cut', async () => {
    const server = await serve({ target: () => bash })
    const keeper = await typing(server)
    const script = 'import random,sys;r=random.Random(5);[sys.stdout.buffer.write(r.randbytes(4096)) for _ in range(1280)]'
    keeper.type(`stty raw -echo; python3 -c '${script}'; stty sane; echo do""ne\r`)

    let random = 99
    const below = (n: number) => {
      random = (random * 48271) % 2147483647
      return random % n
    }
    const got: Buffer[] = []
    let from: number | null = null
    let cuts = 0
    for (;;) {
      const client: SocketClient = watch(server.url('a', 'shell', from === null ? '' : `&from=${from}`))
      const stopAt = below(200_000)
      await client.until((c) => c.bytes.length > stopAt || c.text.slice(-200).includes('done\r\n'))
      client.socket.terminate()
      const hello = client.last('hello')
      if (from !== null) expect(hello).toMatchObject({ from, lost: 0 })
      got.push(client.bytes)
      from = (hello?.from ?? 0) + client.bytes.length
      cuts++
      if (Buffer.concat(got).subarray(-200).includes('done\r\n')) break
    }
    await keeper.until((c) => c.bytes.subarray(-200).includes('done\r\n'))
    expect(cuts).toBeGreaterThan(20)
    const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    const all = Buffer.concat(got)
    expect(all.length).toBeGreaterThan(5_000_000)
    expect(sum(all)).toBe(sum(keeper.bytes))
  })

  it('tells how much is gone from the ring, and starts anew in another session', async () => {
    const server = await serve({ target: () => bash, limits: { ringBytes: 64 * 1024 } })
    const client = await typing(server)
    client.type('seq 1 50000; echo do""ne\r')
    await client.until((c) => c.text.includes('done\r\n'))
    const late = watch(server.url('a', 'shell', '&from=10'))
    await late.until((c) => c.last('hello') !== undefined)
    const hello = late.last('hello')
    expect(hello?.lost).toBe((hello?.from ?? 0) - 10)
    expect(hello?.lost).toBeGreaterThan(200_000)
    const other = watch(server.url('a', 'shell', '&from=10&session=other'))
    await other.until((c) => c.last('hello') !== undefined)
    expect(other.last('hello')?.lost).toBe(0)
  })

  it('finds the shell as it was when nobody watched', async () => {
    const server = await serve({ target: () => bash })
    const client = await typing(server)
    client.type('kept=yes; read -r -t 30 x < <(sleep 0.3; echo); echo later""$kept\r')
    client.close()
    await client.until((c) => c.closed !== null)
    const again = await typing(server)
    await again.until((c) => c.text.includes('lateryes\r\n'))
  })
})

describe('the life of a guest', () => {
  it('goes on with the same serial console when the guest runs again, after its log', async () => {
    const path = '/etc/debian_version'
    const server = await serve({ target: () => ({ ...cat, history: { path } }), guests: [guestOf('a', { state: 'stopped' })] })
    const client = watch(server.url('a', 'serial'))
    await client.until((c) => c.last('state')?.text.includes('stopped') ?? false)
    await client.until((c) => /\d/.test(c.text))
    server.publish({ type: 'guest', guest: guestOf('a') })
    await client.until((c) => c.last('state')?.state === 'attached')
    client.type('one\r')
    await client.until((c) => c.text.includes('one\r\none\r\n'))
    server.publish({ type: 'guest', guest: guestOf('a', { state: 'stopped' }) })
    client.type('\x04')
    await client.until((c) => c.last('state')?.state === 'waiting')
    server.publish({ type: 'guest', guest: guestOf('a') })
    await client.until((c) => c.last('state')?.state === 'attached')
    client.type('two\r')
    await client.until((c) => c.text.includes('two\r\ntwo\r\n'))
    expect(client.text).toContain('same console goes on')
    expect(client.messages.filter(({ t }) => t === 'hello')).toHaveLength(1)
  })

  it('says that the guest stopped when it does so while its serial port is looked for', async () => {
    const server: Running = await serve({
      target: () => {
        server.publish({ type: 'guest', guest: guestOf('a', { state: 'stopped' }) })
        throw new Error('It is not running')
      },
    })
    const client = watch(server.url('a', 'serial'))
    await client.until((c) => c.messages.filter((message) => message.t === 'state' && message.text !== '').length === 2)
    expect(client.last('state')).toMatchObject({ state: 'waiting', text: 'The container is stopped. The console goes on when it starts.' })
  })

  it('closes when the guest is removed, and a new guest of the same name never sees the old bytes', async () => {
    const server = await serve({ target: () => cat, guests: [guestOf('a', { identity: 'one' })] })
    const old = await typing(server)
    old.type('secret\r')
    await old.until((c) => c.text.includes('secret\r\nsecret'))
    server.publish({ type: 'guest', guest: guestOf('a', { identity: 'two' }) })
    await old.until((c) => c.closed !== null)
    expect(old.closed?.code).toBe(4404)
    const fresh = await typing(server)
    fresh.type('x\r')
    await fresh.until((c) => c.text.includes('x\r\nx'))
    expect(fresh.text).not.toContain('secret')
    server.publish({ type: 'guest.removed', id: guestOf('a').id })
    await fresh.until((c) => c.closed !== null)
  })

  it('never mixes two guests, nor two consoles of one', async () => {
    const guests = ['a', 'b', 'a~shell', 'shell:a'].map((name) => guestOf(name))
    const server = await serve({
      target: (name) => ({ kind: 'pty', argv: ['/bin/bash', '--norc', '-c', `while read -r x; do echo "${name} says $x"; done`] }),
      guests,
    })
    const clients = await Promise.all(
      guests
        .flatMap(({ name }) => [watch(server.url(name)), watch(server.url(name, 'serial'))])
        .map(async (client, index) => {
          await client.until((c) => c.last('state')?.state === 'attached')
          return { client, index }
        }),
    )
    for (const { client, index } of clients) client.type(`word${index}\r`)
    for (const { client, index } of clients) {
      await client.until((c) => c.text.includes(`says word${index}\r\n`))
      const others = clients.filter((other) => other.index !== index)
      for (const other of others) expect(client.text).not.toContain(`word${other.index}`)
    }
  })
})

describe('bad clients', () => {
  it('get an error for text that is no message, and the console goes on', async () => {
    const server = await serve({ target: () => cat })
    const client = await typing(server)
    client.socket.send('{"t":"resize","cols":1e9,"rows":1}')
    await client.until((c) => c.last('error')?.message.startsWith('cols') ?? false)
    client.socket.send(JSON.stringify({ t: 'ack', seq: 1e9 }))
    await client.until((c) => c.last('error')?.message.startsWith('seq') ?? false)
    client.type('fine\r')
    await client.until((c) => c.text.includes('fine\r\nfine\r\n'))
  })

  it('lose only their own socket for frames that are too large or broken', async () => {
    const server = await serve({ target: () => cat })
    const good = await typing(server)
    const large = watch(server.url('a'))
    await large.until((c) => c.last('hello') !== undefined)
    large.socket.send(Buffer.alloc(300 * 1024))
    await large.until((c) => c.closed !== null)
    expect(large.closed?.code).toBe(1009)
    const broken = watch(server.url('a'))
    await broken.until((c) => c.last('hello') !== undefined)
    // A frame with reserved bits and no mask, straight on the wire; then half a frame and the end.
    const raw = Reflect.get(broken.socket, '_socket') as Socket
    raw.write(Buffer.from([0xf2, 0x05, 1, 2]))
    await broken.until((c) => c.closed !== null)
    good.type('fine\r')
    await good.until((c) => c.text.includes('fine\r\nfine\r\n'))
  })

  it('are put out when their session is revoked, and only they', async () => {
    const server = await serve({ target: () => cat })
    const stays = await typing(server)
    const goes = watch(server.url('a', 'shell', '&token=other'))
    await goes.until((c) => c.last('hello') !== undefined)
    server.revoke('other')
    await goes.until((c) => c.closed !== null)
    expect(goes.closed?.code).toBe(4401)
    stays.type('fine\r')
    await stays.until((c) => c.text.includes('fine\r\nfine\r\n'))
  })

  it('are told when the server stops', async () => {
    const server = await serve({ target: () => cat })
    const client = await typing(server)
    await server.consoles.close('The server stops')
    await client.until((c) => c.closed !== null)
    expect(client.last('state')).toMatchObject({ state: 'ended', text: 'The server stops' })
    expect(client.closed?.code).toBe(1001)
  })
})
