// A process of its own with the consoles of the server: real sessions, rings, sockets and ptys, and nothing else.
// argv: how many guests. Each guest's shell prints so many bytes as the number typed says. Prints its port.
import { consoleServer, guestOf } from '@/server/consoles/fixtures/console-server'

const count = Number(process.argv[2])
const line = '0'.repeat(98)
const program = `stty -echo; printf '$ '; while read -r n; do [ "$n" -gt 0 ] && yes ${line} | head -c "$n"; printf '$ '; done`
const server = await consoleServer({
  guests: Array.from({ length: count }, (_, i) => guestOf(`g${i}`)),
  target: () => ({ kind: 'pty', argv: ['/bin/sh', '-c', program] }),
  folder: process.argv[3],
})
process.stdout.write(`${server.port}\n`)
process.stdin.on('end', () => process.exit(0))
process.stdin.resume()
