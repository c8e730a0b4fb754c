import { expect, it } from 'vitest'
import type { ConsoleTarget } from '@/server/model/console'
import { consoleServer, guestOf } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

it('attaches to a guest that was started while its port was looked for', async () => {
  const cat: ConsoleTarget = { kind: 'pty', argv: ['/bin/cat'] }
  let asked = () => {}
  let answer = (_: ConsoleTarget) => {}
  const looked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const first = new Promise<ConsoleTarget>((resolve) => {
    answer = resolve
  })
  let looks = 0
  const server = await consoleServer({
    target: () => cat,
    console: async () => {
      if (looks++ > 0) return cat
      asked()
      return first
    },
    guests: [guestOf('a', { state: 'stopped' })],
  })
  const client = new SocketClient(server.url('a', 'serial'))
  try {
    await looked
    server.publish({ type: 'guest', guest: guestOf('a') })
    answer(cat)
    await client.until((c) => c.last('state')?.state === 'attached')
    client.type('hello\n')
    await client.until((c) => c.text.includes('hello\r\nhello\r\n'))
    expect(looks).toBe(2)
  } finally {
    client.close()
    await server.close()
  }
})
