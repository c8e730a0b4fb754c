// A console server of its own process: node --import tsx bench/proof/server.ts FOLDER. Its one guest is that of guest.py.
// Prints its port; ends in order on TERM, and is killed like any other.
import { join } from 'node:path'
import { consoleServer } from '@/server/consoles/fixtures/console-server'

const folder = process.argv[2] ?? ''
const server = await consoleServer({
  folder: join(folder, 'kept'),
  target: () => ({
    kind: 'pty',
    // As virsh console does it: the terminal of the guest onto ours, nothing changed.
    argv: ['/bin/sh', '-c', 'stty raw -echo; exec cat "$1"', 'sh', join(folder, 'tty')],
    log: { path: join(folder, 'serial.log') },
  }),
})
process.on('SIGTERM', () => {
  void server.close().then(() => process.exit(0))
})
// With whoever started it.
process.stdin.on('end', () => process.exit(1)).resume()
process.stdout.write(`${server.port}\n`)
