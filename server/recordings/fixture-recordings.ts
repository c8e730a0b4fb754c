import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { consoleServer } from '../consoles/fixtures/console-server'
import { SocketClient } from '../consoles/fixtures/socket-client'
import { keptTexts } from '../consoles/kept-texts'
import { openDatabase } from '../db/client'
import { type CastEvent, castEvent } from './cast-reader'
import { createRecordings } from './recordings'

type ServerOptions = Parameters<typeof consoleServer>[0]
const migrations = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))

export type Recorded = Awaited<ReturnType<typeof openRecorded>>

/** For tests: the real recorder with its database and files in a folder, which stays until `remove`. */
export function newFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'bailiwick-recordings-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A run of the server on `folder`: console hub, recorder, database. */
export async function openRecorded(
  folder: string,
  options: Omit<ServerOptions, 'tap'> & { identity?: (guest: string) => string | undefined; partBytes?: number; now?: () => number },
) {
  const db = await openDatabase(join(folder, 'bailiwick.db'), migrations)
  const faults: unknown[] = []
  const audited: string[] = []
  const { identity = () => undefined, partBytes, now, ...rest } = options
  const recordings = await createRecordings({
    db,
    folder: join(folder, 'recordings'),
    log: { info: () => {}, warn: (fault: unknown) => faults.push(fault), error: (fault: unknown) => faults.push(fault) },
    audit: async ({ action, target }) => void audited.push(`${action} ${target}`),
    identity,
    scrollback: () => keptTexts(join(folder, 'consoles')),
    partBytes,
    now,
  })
  const server = await consoleServer({ ...rest, tap: recordings.tap, folder: join(folder, 'consoles') })
  const clients: SocketClient[] = []
  const path = (id: string) => join(folder, 'recordings', `${id}.cast`)
  return {
    db,
    server,
    faults,
    audited,
    service: recordings.service,
    path,
    /** Of the files there are. */
    ids: () => readdirSync(join(folder, 'recordings')).flatMap((name) => (name.endsWith('.cast') ? [name.slice(0, -'.cast'.length)] : [])),
    text: (id: string) => readFileSync(path(id), 'utf8'),
    events: (id: string): CastEvent[] =>
      readFileSync(path(id), 'utf8')
        .split('\n')
        .map(castEvent)
        .filter((event) => event !== null),
    all: () => recordings.service.list({ limit: 200 }, () => true),
    /** A viewer of the shell of guest `name`, attached. */
    async view(name = 'a', more = '&cols=80&rows=24') {
      const client = new SocketClient(server.url(name, 'shell', more))
      clients.push(client)
      await client.until((c) => c.last('state')?.state === 'attached')
      return client
    },
    /** Ends as the server does. */
    async close() {
      for (const client of clients) client.socket.terminate()
      recordings.stopping()
      await server.close()
      await recordings.service.close()
      await db.$disconnect()
    },
  }
}
