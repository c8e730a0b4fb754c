import { connect, createServer } from 'node:net'

/**
 * A counting way to a port of this machine: bytes as they cross the wire, headers, sockets and compression as they are.
 * Resolves with its own port, the counts and `close`.
 */
export function openWire(port) {
  const bytes = { down: 0, up: 0 }
  const open = new Set()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    const ends = [client, upstream]
    for (const end of ends) {
      open.add(end)
      end.setNoDelay(true)
      end.on('error', () => {}) // Its close ends the other side.
      end.on('close', () => {
        for (const one of ends) {
          one.destroy()
          open.delete(one)
        }
      })
    }
    client.on('data', (data) => {
      bytes.up += data.length
    })
    upstream.on('data', (data) => {
      bytes.down += data.length
    })
    client.pipe(upstream)
    upstream.pipe(client)
  })
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: server.address().port,
        bytes,
        close() {
          server.close()
          for (const end of open) end.destroy()
        },
      }),
    )
  })
}
