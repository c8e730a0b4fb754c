import { afterEach, describe, expect, it } from 'vitest'
import type { ConsoleTarget } from '@/server/model/console'
import { consoleServer } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

type Options = Parameters<typeof consoleServer>[0]
const ends: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const cat: ConsoleTarget = { kind: 'pty', argv: ['/bin/cat'] }
/** Says its size when it is asked, and counts how often it was started. */
const bash: ConsoleTarget = { kind: 'pty', argv: ['/bin/bash', '--norc', '-i'], env: { PS1: '$ ' } }

async function serve(options: Partial<Options> = {}) {
  const server = await consoleServer({ target: () => cat, ...options })
  ends.push(() => server.close())
  /** Somebody before the console; resolves once seated. */
  return async (name: string, more = '') => {
    const client = new SocketClient(server.url('a', 'shell', `&name=${name}${more}`))
    ends.push(() => client.socket.terminate())
    await client.until((c) => c.last('viewers') !== undefined && c.last('state') !== undefined)
    return client
  }
}
const me = (client: SocketClient) => client.last('hello')?.viewer
const told = (client: SocketClient) => client.last('viewers')
/** What the console has shown of what was typed; a line is echoed by the terminal and by the program. */
const shown = (client: SocketClient, line: string) => client.until((c) => c.text.includes(`${line}\r\n${line}\r\n`))
const says = async (client: SocketClient, line: string, others: SocketClient[]) => {
  client.type(`${line}\r`)
  for (const each of [client, ...others]) await shown(each, line)
}

describe('two people', () => {
  it('hand the keyboard over by asking and giving, and by taking', async () => {
    const seat = await serve()
    const ada = await seat('ada')
    const bob = await seat('bob')
    await ada.until(
      (c) =>
        told(c)
          ?.viewers.map(({ name }) => name)
          .join() === 'ada,bob',
    )

    bob.send({ t: 'ask' })
    await ada.until((c) => told(c)?.asking === me(bob))
    bob.type('too early\r')
    await bob.until((c) => c.last('error') !== undefined)

    ada.send({ t: 'offer', to: me(bob) ?? '' })
    await bob.until((c) => c.last('seat')?.what === 'given')
    expect(bob.last('seat')).toEqual({ t: 'seat', what: 'given', by: 'ada' })
    await says(bob, 'bob types', [ada])
    ada.type('not mine\r')
    await ada.until((c) => c.last('error') !== undefined)

    ada.send({ t: 'take' })
    await bob.until((c) => c.last('seat')?.what === 'taken')
    expect(bob.last('seat')?.by).toBe('ada')
    await says(ada, 'ada again', [bob])
    expect(ada.text).not.toMatch(/too early|not mine/)
  })

  it('offer, decline and accept', async () => {
    const seat = await serve()
    const ada = await seat('ada')
    const bob = await seat('bob')
    ada.send({ t: 'offer', to: me(bob) ?? '' })
    await bob.until((c) => told(c)?.offered === me(bob))
    bob.send({ t: 'decline' })
    await ada.until((c) => c.last('seat')?.what === 'declined' && told(c)?.offered === null)
    ada.send({ t: 'offer', to: me(bob) ?? '' })
    await bob.until((c) => told(c)?.offered === me(bob))
    bob.send({ t: 'accept' })
    await ada.until((c) => told(c)?.writer === me(bob))
    await says(bob, 'accepted', [ada])
  })

  it('pass the keyboard on when one leaves: to who asked, else to nobody until a key is typed', async () => {
    const seat = await serve()
    const ada = await seat('ada')
    const bob = await seat('bob')
    const eve = await seat('eve')
    eve.send({ t: 'ask' })
    await ada.until((c) => told(c)?.asking === me(eve))
    ada.close()
    await bob.until((c) => told(c)?.writer === me(eve))
    eve.close()
    await bob.until((c) => told(c)?.viewers.length === 1)
    expect(told(bob)?.writer).toBeNull()
    bob.send({ t: 'take' })
    await says(bob, 'mine now', [])
  })

  it('withdraw what they asked by leaving', async () => {
    const seat = await serve()
    const ada = await seat('ada')
    const bob = await seat('bob')
    bob.send({ t: 'ask' })
    await ada.until((c) => told(c)?.asking === me(bob))
    bob.socket.terminate()
    await ada.until((c) => told(c)?.viewers.length === 1)
    expect(told(ada)).toMatchObject({ asking: null, writer: me(ada) })
  })
})

describe('a watcher', () => {
  it('sees everything and changes nothing: neither keys, nor size, nor who types', async () => {
    const seat = await serve({ target: () => bash })
    const ada = await seat('ada', '&cols=100&rows=30')
    const guest = await seat('guest', '&mode=watch&cols=40&rows=10')
    expect(guest.last('hello')).toMatchObject({ mode: 'watch', cols: 100, rows: 30 })
    await ada.until((c) => c.text.includes('$ '))

    const tries = [{ t: 'take' }, { t: 'ask' }, { t: 'offer', to: me(guest) ?? '' }, { t: 'accept' }, { t: 'decline' }] as const
    for (const message of [...tries, { t: 'resize', cols: 40, rows: 10 }, { t: 'reconnect' }] as const) {
      const before = guest.messages.length
      guest.send(message)
      await guest.until((c) => c.messages.slice(before).some(({ t }) => t === 'error'))
      expect(guest.last('error')?.message).toContain('You may watch this console')
    }
    guest.type('touch /tmp/should-not-be\r')
    await guest.until((c) => c.messages.filter(({ t }) => t === 'error').length > tries.length + 2)

    ada.type('stty size; echo se""en\r')
    await guest.until((c) => c.text.includes('seen\r\n'))
    expect(guest.text).toContain('30 100')
    expect(guest.text).not.toContain('should-not-be')
    expect(told(ada)).toMatchObject({ writer: me(ada), asking: null })
  })

  it('does not type when all others have left, and opens no shell', async () => {
    let started = 0
    const seat = await serve({
      target: () => {
        started++
        return cat
      },
    })
    const guest = await seat('guest', '&mode=watch')
    expect(guest.last('state')).toMatchObject({ state: 'waiting', text: expect.stringContaining('Nobody has opened this shell yet') })
    expect(told(guest)?.writer).toBeNull()
    expect(started).toBe(0)
    const ada = await seat('ada')
    await says(ada, 'opened', [guest])
    expect(started).toBe(1)
    ada.close()
    await guest.until((c) => told(c)?.viewers.length === 1)
    guest.type('now?\r')
    await guest.until((c) => c.last('error') !== undefined)
    expect(told(guest)?.writer).toBeNull()
  })

  it('by a link learns no names, and is closed with words when the link ends', async () => {
    const link = new AbortController()
    const seat = await serve({ ends: link.signal })
    const ada = await seat('ada')
    const stranger = await seat('Watch%20link%20of%20ada', '&mode=watch&link')
    await ada.until((c) => told(c)?.viewers.length === 2)
    expect(told(ada)?.viewers[1]).toMatchObject({ name: 'Watch link of ada', mode: 'watch' })
    await says(ada, 'for all', [stranger])
    expect(told(stranger)?.viewers.map(({ id }) => id)).toEqual([me(stranger)])

    link.abort('This watch link was revoked.')
    await stranger.until((c) => c.closed !== null)
    expect(stranger.closed).toEqual({ code: 4403, reason: 'This watch link was revoked.' })
    await ada.until((c) => told(c)?.viewers.length === 1)
    await says(ada, 'alone again', [])
    expect(stranger.text).not.toContain('alone again')

    const late = new SocketClient(stranger.socket.url)
    await late.until((c) => c.closed !== null)
    expect([late.closed?.code, late.text, late.messages]).toEqual([4403, '', []])
  })
})
