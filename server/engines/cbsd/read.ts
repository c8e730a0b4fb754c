import { AppError } from '@/server/errors'
import type { Host } from '@/server/model/host'
import type { EngineContext } from '../types'
import { parseAlive } from './alive'
import { type Parts, toFound } from './guest'
import { type Output, parseOutput, safeList, safeRow, sound } from './output'
import { bytes, flag, text } from './row'
import { readHost } from './scripts'
import type { Found, Node, Row } from './types'

/** One look at the host. */
export type Reading = { node: Node; found: Found[]; output: Output /** The host's clock, ms since 1970. */; at: number }

export type Reader = {
  /** Every guest; one command. */
  all(signal: AbortSignal): Promise<Reading>
  /** One guest, or none; one command. */
  one(name: string, signal: AbortSignal): Promise<Reading>
  /** The same with another script that begins as readHost does. */
  with(script: string, name: string, signal: AbortSignal): Promise<Reading>
  /** What a script prints that reads no guests. */
  output(script: string, signal: AbortSignal): Promise<Output>
}

/** What names of guests are made of: CBSD's own rule, and the dot that some have all the same. */
export const isPlainName = (name: string): boolean => /^[A-Za-z0-9_@%:][A-Za-z0-9_.@%:-]*$/.test(name)

/** The node out of its row. `zfs`: its guests lie on ZFS, so that snapshots work. */
export function toNode(local: Row, host: Map<string, string>): Node {
  return {
    workdir: host.get('workdir') ?? '',
    nodename: text(local, 'nodename') ?? '',
    version: text(local, 'cbsdver') ?? '',
    platform: text(local, 'platform') ?? 'FreeBSD',
    root: host.get('uid') === '0',
    zfs: flag(local, 'zfsfeat'),
    // The kernel knows; CBSD notes it only now and then.
    racct: host.get('racct') ? host.get('racct') === '1' : flag(local, 'racct'),
    local,
  }
}

/** The node out of what readNode printed. Throws where the database did not tell. */
export function nodeOf(output: Output): Node {
  const local = output.rows('whole').find(({ tag }) => tag === 'local')?.row
  if (!local) throw unreadable(output)
  return toNode(local, output.facts('host'))
}

const unreadable = (output: Output) =>
  new AppError('unavailable', `CBSD's database cannot be read: ${output.lines('said').join('; ') || 'it is empty'}`)

/** The rows of readHost by guest, in the order of the table; rows that another node keeps are left out. */
export function toParts(output: Output): { local: Row; parts: Map<string, Parts> } {
  let local: Row | null = null
  const parts = new Map<string, Parts>()
  for (const { tag, name, json } of output.tagged('rows')) {
    const known = parts.get(name)
    if (tag === 'disks') {
      if (known) known.disks = safeList(json).flatMap((size) => bytes(size) ?? [])
      continue
    }
    const row = safeRow(json)
    if (!row) continue
    if (tag === 'local') local = row
    else if (tag === 'jail' && isOurs(row, local)) parts.set(name, { row, disks: [], limits: {} })
    else if (tag === 'vm' && known) known.settings = row
    else if (tag === 'limits' && known) known.limits = row
  }
  if (!local) throw unreadable(output)
  return { local, parts }
}

function isOurs(row: Row, local: Row | null): boolean {
  const node = text(row, 'nodename')
  const own = local ? text(local, 'nodename') : undefined
  return node === undefined || own === undefined || node === own || node === 'local'
}

/** Reads one CBSD: whole or one guest, each in one command of constant text. */
export function createReader(host: Host, context: EngineContext): Reader {
  /** When processes began, by number: seconds that are counted anew each time would make every reading differ. */
  const begun = new Map<number, number>()

  async function run(script: string, name: string, signal: AbortSignal): Promise<Output> {
    if (name !== '' && !isPlainName(name)) throw new AppError('not-found', `There is no guest ${JSON.stringify(name)} in CBSD`)
    const argv = ['/bin/sh', '-s', '--', host.cbsdWorkdir ?? '', name] as const
    return sound(parseOutput(await context.exec.read(argv, { stdin: script, signal, timeoutMs: 60_000 })))
  }

  async function read(script: string, name: string, signal: AbortSignal): Promise<Reading> {
    const output = await run(script, name, signal)
    const { local, parts } = toParts(output)
    const node = toNode(local, output.facts('host'))
    const alive = parseAlive(output)
    const at = Number(output.facts('host').get('now') ?? 0) * 1000
    const since = (pid: number, age: number) => {
      const counted = at - age * 1000
      const before = begun.get(pid)
      const told = before !== undefined && Math.abs(before - counted) < 5000 ? before : counted
      begun.set(pid, told)
      return told
    }
    const found = [...parts].flatMap(([each, of]) => toFound(node, host.id, each, of, alive, since) ?? [])
    return { node, found, output, at }
  }

  return {
    all: (signal) => read(readHost, '', signal),
    one: (name, signal) => read(readHost, name, signal),
    with: read,
    output: (script, signal) => run(script, '', signal),
  }
}
