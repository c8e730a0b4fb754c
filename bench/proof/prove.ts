import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { ConsoleConnection } from '@/components/console/connection'
import { guestId } from '@/server/model/guest'
import { startCutter } from './cutter'

export type ProofSizes = {
  seed: number
  bytes: number
  /** Connections destroyed, each at a random byte. */
  cuts: number
  /** Servers ended and begun anew: every other one killed (KILL), the others in order (TERM). */
  restarts: number
  /** How fast the guest writes at most. It stays within 2 MB of what is seen: beyond the ring, a page is told what it lost. */
  bytesPerSecond?: number
  /** The log has bytes twice wherever the terminal was full, as with QEMU up to 8. */
  doubles?: boolean
}
export type Proof = {
  sent: number
  seen: number
  /** Bytes seen are bytes sent. */
  equal: boolean
  sha256: string
  /** The first byte that is not what was sent, and what stands around it; null when all are. */
  firstDifference: { at: number; sent: string; seen: string } | null
  cuts: number
  ended: number
  killed: number
  /** Sessions begun anew on the glass, and bytes that the server said are lost: both 0 when it holds. */
  restartsSeen: number
  lostTold: number
  seconds: number
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Resolves with the first line it prints. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      text += bytes
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('exit', (code) => reject(new Error(`It ended with ${code}`)))
    child.once('error', reject)
  })
}

function generator(seed: number): (below: number) => number {
  let state = (seed % 2147483646) + 1
  return (below) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
}

const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once('exit', () => resolve()))

function difference(sent: Buffer, seen: Buffer): Proof['firstDifference'] {
  if (sent.equals(seen)) return null
  let at = 0
  while (at < sent.length && at < seen.length && sent[at] === seen[at]) at++
  const around = (bytes: Buffer) => bytes.subarray(Math.max(0, at - 8), at + 24).toString('hex')
  return { at, sent: around(sent), seen: around(seen) }
}

/**
 * A guest writes a seeded stream to its serial port; the page's own client watches it through the real server, while its
 * connection is destroyed again and again and the server is ended, killed and started anew. Resolves with what was seen once
 * as many bytes came as were sent, or nothing came for 30 s.
 */
export async function prove(sizes: ProofSizes): Promise<Proof> {
  const random = generator(sizes.seed)
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-proof-'))
  const begun = Date.now()
  const places = (count: number) => Array.from({ length: count }, () => random(sizes.bytes)).sort((a, b) => a - b)
  const stops = places(sizes.restarts)
  const count = { ended: 0, killed: 0 }
  let server: ChildProcess | null = null
  let port: number | null = null
  const start = async () => {
    server = spawn(process.execPath, ['--import', 'tsx', here('server.ts'), folder], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
    port = Number(await firstLine(server))
  }
  const stop = async (signal: NodeJS.Signals) => {
    port = null
    if (!server) return
    server.kill(signal)
    await ended(server)
  }
  const rate = sizes.bytesPerSecond ?? 1_000_000
  const words = [here('guest.py'), sizes.seed, sizes.bytes, rate, folder, sizes.doubles ? 'doubles' : ''].map(String)
  const guest = spawn('python3', words, { stdio: ['pipe', 'pipe', 'inherit'] })
  const cutter = await startCutter(() => port, places(sizes.cuts))
  const pieces: Buffer[] = []
  let seen = 0
  let glass: ConsoleConnection | null = null
  const told = { restarts: 0, lost: 0 }
  try {
    await firstLine(guest)
    await start()
    let restarting: Promise<void> | null = null
    const restart = async () => {
      const killed = (count.ended + count.killed) % 2 === 0
      count[killed ? 'killed' : 'ended']++
      await stop(killed ? 'SIGKILL' : 'SIGTERM')
      await start()
    }
    await new Promise<void>((resolve, reject) => {
      let silence: NodeJS.Timeout | undefined
      const heard = () => {
        clearTimeout(silence)
        silence = setTimeout(resolve, seen === sizes.bytes ? 1000 : 30_000)
      }
      heard()
      glass = new ConsoleConnection({
        url: `ws://127.0.0.1:${cutter.port}/ws/console?guest=${encodeURIComponent(guestId('local', 'incus', 'a'))}&kind=serial`,
        WebSocket,
        ask: async () => null,
        onBytes(bytes, drawn) {
          pieces.push(Buffer.from(bytes))
          seen += bytes.length
          drawn()
          heard()
          guest.stdin?.write(`${seen}\n`)
          const next = stops[0]
          if (next === undefined || seen < next || restarting) return
          stops.shift()
          restarting = restart()
            .catch(reject)
            .finally(() => {
              restarting = null
            })
        },
        onRestart: () => {
          told.restarts++
        },
        onLost: (bytes) => {
          told.lost += bytes
        },
      })
      const stopWaiting = glass.subscribe(() => {
        if (glass?.view.session.state !== 'attached') return
        stopWaiting()
        guest.stdin?.write('0\n')
      })
    })
    const all = Buffer.concat(pieces)
    const truth = readFileSync(join(folder, 'sent'))
    return {
      sent: truth.length,
      seen,
      equal: all.equals(truth),
      sha256: createHash('sha256').update(all).digest('hex'),
      firstDifference: difference(truth, all),
      cuts: cutter.done(),
      ...count,
      restartsSeen: told.restarts,
      lostTold: told.lost,
      seconds: (Date.now() - begun) / 1000,
    }
  } finally {
    const open: ConsoleConnection | null = glass
    if (open) (open as ConsoleConnection).close()
    await cutter.close()
    await stop('SIGTERM')
    guest.kill('SIGKILL')
    await ended(guest)
    rmSync(folder, { recursive: true, force: true })
  }
}
