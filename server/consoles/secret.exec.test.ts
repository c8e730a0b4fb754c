import { afterEach, expect, it } from 'vitest'
import { consoleServer } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

it('keeps what is typed as a secret from recorders, and nothing else', async () => {
  let heard = ''
  const server = await consoleServer({
    target: () => ({ kind: 'pty', argv: ['/bin/cat'] }),
    tap: () => ({
      state: { on: true, input: true },
      output: () => {},
      input: (bytes) => {
        heard += Buffer.from(bytes).toString()
      },
      resize: () => {},
      close: async () => {},
    }),
  })
  ends.push(() => server.close())
  const client = new SocketClient(server.url('a'))
  ends.push(() => client.socket.terminate())
  await client.until((c) => c.last('state')?.state === 'attached')
  client.type('root\r')
  client.send({ t: 'secret', on: true })
  client.type('hünter2\r')
  client.send({ t: 'secret', on: false })
  client.type('ls\r')
  // The program got every byte of it: the terminal echoes a line, and the program prints it.
  // Echo and program take turns as they like.
  const twice = (text: string, word: string) => text.split(`${word}\r\n`).length === 3
  await client.until((c) => twice(c.text, 'hünter2') && twice(c.text, 'ls'))
  expect(heard).toBe('root\r********\rls\r')
})
