import { WebSocket } from 'ws'

/**
 * A client of a console session without a page: it takes all at once, acknowledges at once and keeps only the end of the text.
 * Resolves once it is attached and types.
 */
export async function attach(url, headers = {}) {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  const client = {
    socket,
    bytes: 0,
    seq: 0,
    tail: '',
    told: [],
    type: (text) => socket.send(Buffer.from(text)),
    send: (message) => socket.send(JSON.stringify(message)),
    /** Resolves when the end of the text matches. Looked at with each frame. */
    until: (pattern, timeoutMs = 60_000) => until(client, () => pattern.test(client.tail), `${pattern}`, timeoutMs),
    close: () => socket.close(),
  }
  const looks = new Set()
  client.looks = looks
  socket.on('message', (data, binary) => {
    if (binary) {
      client.bytes += data.length
      client.seq += data.length
      client.tail = (client.tail + data.toString('latin1')).slice(-200)
      socket.send(JSON.stringify({ t: 'ack', seq: client.seq, window: 1024 * 1024 }))
    } else {
      const message = JSON.parse(data)
      if (message.t === 'hello' || message.t === 'skip') client.seq = message.from
      client.told.push(message)
    }
    for (const look of looks) look()
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {}) // Its close says the same.
  await until(client, () => client.told.findLast(({ t }) => t === 'state')?.state === 'attached', 'the session is attached', 30_000)
  return client
}

function until(client, holds, what, timeoutMs) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(reject, new Error(`Not within ${timeoutMs / 1000} s: ${what}`)), timeoutMs)
    const end = (settle, value) => {
      clearTimeout(timer)
      client.looks.delete(look)
      settle(value)
    }
    const look = () => holds() && end(resolve, performance.now())
    client.looks.add(look)
    look()
  })
}
