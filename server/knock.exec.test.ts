import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { knock } from './knock'

it('passes where somebody listens, and names the input at fault elsewhere', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  await knock('127.0.0.1', port)
  await new Promise((resolve) => server.close(resolve))
  await expect(knock('127.0.0.1', port)).rejects.toMatchObject({
    code: 'unavailable',
    field: 'address',
    message: /nothing answers at port/,
  })
  await expect(knock('nowhere.invalid', 22)).rejects.toMatchObject({ field: 'address', message: 'There is no host named nowhere.invalid' })
})
