import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { ConsoleTarget } from '@/server/model/console'
import { guestOf } from '../consoles/fixtures/console-server'
import type { SocketClient } from '../consoles/fixtures/socket-client'
import type { CastEvent } from './cast-reader'
import { newFolder, openRecorded, type Recorded } from './fixture-recordings'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const bash: ConsoleTarget = { kind: 'pty', argv: ['/bin/bash', '--norc', '-i'], env: { PS1: '$ ', HISTFILE: '/dev/null' } }
/** The guest whose shell it is. */
export const guest = guestOf('a').id

/** For tests: a recorder over real shells, ended after the test; on a folder of an earlier one, it goes on with that. */
export async function run(options: Partial<Parameters<typeof openRecorded>[1]> = {}, folder = temporary()): Promise<Recorded> {
  const recorded = await openRecorded(folder, { target: () => bash, ...options })
  let open = true
  const { close } = recorded
  recorded.close = async () => {
    if (open) await close()
    open = false
  }
  ends.push(() => recorded.close())
  return recorded
}
/** A folder that is removed after the test. */
export function temporary(): string {
  const folder = newFolder()
  ends.push(folder.remove)
  return folder.path
}
/** Types a line and waits for what it prints. */
export async function say(client: SocketClient, line: string, answer: string) {
  client.type(`${line}\r`)
  await client.until((c) => c.text.includes(answer))
}
/** Everything that was printed. */
export const outputOf = (events: CastEvent[]) =>
  events
    .filter(({ code }) => code === 'o')
    .map(({ data }) => data)
    .join('')

/** The recordings of a folder after another start of the server. */
export async function openedAgain(recorded: Recorded) {
  await recorded.close()
  const again = await openRecorded(join(recorded.path('x'), '../..'), { target: () => bash })
  const all = await again.all()
  await again.close()
  return all
}
