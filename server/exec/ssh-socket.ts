import type { Duplex } from 'node:stream'
import type { Commands } from './commands'
import { ExecError } from './error'
import { shell } from './remote-files'
import type { Channel } from './ssh-channel'
import { OpenRefused } from './ssh-mux'
import type { Pool } from './ssh-pool'
import { fedDuplex } from './ssh-stream'
import { pack } from './ssh-wire'

type Target = { kind: 'tcp'; host: string; port: number } | { kind: 'unix'; path: string }

const answerMs = 10_000

/** sshd does not say why a Unix socket did not open, not even that it may not: $1 is looked at. */
const lookScript = `
if [ ! -e "$1" ]; then echo 'there is no such socket'
elif [ ! -S "$1" ]; then echo 'it is not a socket'
elif [ ! -w "$1" ]; then echo 'this user may not open it'
else echo "nothing listens there, or sshd does not pass it on (AllowStreamLocalForwarding in its sshd_config)"
fi`

const words: [RegExp, string][] = [
  [/refused/i, 'nothing listens there'],
  [/timed out/i, 'no answer'],
  [/no route|unreachable/i, 'the machine cannot be reached'],
  [/resolve|name or service|unknown host/i, 'there is no host of that name'],
]

async function why(error: OpenRefused, target: Target, run: Commands['runBytes']): Promise<string> {
  if (error.prohibited) return "the host's sshd does not pass it on (AllowTcpForwarding in its sshd_config)"
  if (target.kind === 'unix') return (await run(shell(lookScript, target.path))).stdout.toString().trim()
  return words.find(([pattern]) => pattern.test(error.message))?.[1] ?? error.message
}

/** Opens a TCP or Unix socket as seen from the host. Rejects with `ExecError` in words. */
export async function openRemoteSocket(pool: Pool, target: Target, run: Commands['runBytes']): Promise<Duplex> {
  const where = target.kind === 'tcp' ? `${target.host}:${target.port}` : target.path
  const link = await pool.any()
  let channel: Channel | undefined
  let gaveUp = false
  const socket = fedDuplex(
    (bytes) => channel?.consumed(bytes),
    (bytes, done) => (channel ? channel.write(bytes, done) : done()),
    () => channel?.end(),
    () => channel?.close(),
  )
  const kind = target.kind === 'tcp' ? 'direct-tcpip' : 'direct-streamlocal@openssh.com'
  const details = target.kind === 'tcp' ? pack(target.host, target.port, '127.0.0.1', 0) : pack(target.path, '', 0)
  const opening = link.mux.open(kind, details, { out: socket.push, eof: () => socket.end(), closed: (error) => socket.end(error) })
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      gaveUp = true
      reject(new ExecError(`Cannot connect to ${where}: no answer within ${answerMs / 1000} s`, { reason: 'connect' }))
    }, answerMs)
  })
  // It may still be opened after we have given up: then it is closed again.
  opening.then((late) => gaveUp && late.close()).catch(() => {})
  try {
    channel = await Promise.race([opening, limit])
    return socket.stream
  } catch (error) {
    if (!(error instanceof OpenRefused)) throw error
    throw new ExecError(`Cannot connect to ${where}: ${await why(error, target, run)}`, { reason: 'connect', cause: error })
  } finally {
    clearTimeout(timer)
  }
}
