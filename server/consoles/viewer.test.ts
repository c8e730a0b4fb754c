import { expect, it } from 'vitest'
import { consoleLimits } from './limits'
import { Ring } from './ring'
import { Viewer } from './viewer'

/** A socket whose other end reads nothing: what is sent stays in it, until `read`. */
function unread() {
  const socket = {
    OPEN: 1 as const,
    readyState: 1 as const,
    close() {},
    terminate() {},
    bufferedAmount: 0,
    sent: 0,
    send(bytes: string | Uint8Array) {
      socket.bufferedAmount += bytes.length
      socket.sent += bytes.length
    },
    read() {
      socket.bufferedAmount = 0
    },
  }
  return socket
}

it('keeps little memory for one that does not read, and goes on with it when it does', () => {
  const ring = new Ring(consoleLimits.ringBytes)
  ring.append(new Uint8Array(900_000))
  const socket = unread()
  const viewer = new Viewer('a', 'ada', socket, 0, 0, consoleLimits)
  viewer.pump(ring)
  const { bufferBytes, frameBytes } = consoleLimits
  expect(socket.bufferedAmount).toBeLessThan(bufferBytes + frameBytes)
  for (let rounds = 0; socket.sent < 900_000; rounds++) {
    expect(rounds).toBeLessThan(20)
    socket.read()
    viewer.ack(socket.sent)
    viewer.pump(ring)
  }
  expect(socket.sent).toBe(900_000)
})
