import { readFileSync } from 'node:fs'
import { ExecError } from '@/server/exec/error'
import type { Exec } from '@/server/exec/types'
import type { Host } from '@/server/model/host'
import type { Argv } from '@/server/model/plan'
import { incus } from './index'

export const transcript = (name: string) => readFileSync(new URL(`transcripts/${name}`, import.meta.url), 'utf8')
export const one = (name: string) => {
  const all: { name: string }[] = JSON.parse(transcript('instances.json'))
  return JSON.stringify(all.find((each) => each.name === name))
}
/** The daemon's recorded answers; whatever was not recorded is not found, as the program says it. */
export const answers: Record<string, string> = {
  '/1.0': transcript('server.json'),
  '/1.0/warnings?recursion=1': transcript('warnings.json'),
  '/1.0/storage-pools?recursion=1': transcript('pools.json'),
  '/1.0/images?recursion=1': transcript('images.json'),
  '/1.0/networks?recursion=1': transcript('networks.json'),
  '/1.0/profiles/default': transcript('profile-default.json'),
  '/1.0/resources': transcript('resources.json'),
  '/1.0/instances?recursion=2': transcript('instances.json'),
  '/1.0/instances/ic-run?recursion=1': one('ic-run'),
  '/1.0/instances/ic-web?recursion=1': one('ic-web'),
  '/1.0/instances/ic-ice?recursion=1': transcript('instance-frozen.json').replaceAll('ic-run', 'ic-ice'),
}

/** What the host of `replay` has: files that are there, and its /etc/os-release. */
type Found = { files?: string[]; osRelease?: string }
export type Replies = (argv: Argv) => string | Error
/** One network: 10.92.0.0/24. */
const routes = 'Iface\n' + 'eth0 00005C0A 00000000 0001 0 0 0 00FFFFFF 0 0 0\n'
const trixie = 'ID=debian\nVERSION_CODENAME=trixie\n'
export function replay(reply: Replies, { files = [], osRelease = trixie }: Found = {}): Exec {
  const unused = () => {
    throw new Error('planning must not do this')
  }
  return {
    async read(argv) {
      const answer = reply(argv)
      if (answer instanceof Error) throw answer
      return answer
    },
    stat: async (path) => (files.includes(path) ? { size: 1, mtimeMs: 1, isDirectory: true } : null),
    run: unused,
    lines: unused,
    stream: unused,
    pty: unused,
    connect: unused,
    writeFile: unused,
    readFile: async (path) => Buffer.from(path === '/proc/net/route' ? routes : osRelease),
    follow: unused,
    readDir: unused,
    close: unused,
  }
}
export const recorded: Replies = (argv) =>
  argv[0] === 'incus' && argv[1] === 'query'
    ? (answers[argv[2] ?? ''] ?? new ExecError('incus query failed with code 1: Error: Instance not found', { reason: 'exit', argv }))
    : new ExecError('lxc is not installed on this host', { reason: 'missing', argv })

export const host: Host = { id: 'local', name: 'h', transport: 'local', libvirtUri: '' }
export const signal = new AbortController().signal
export const contextOf = (exec: Exec) => ({ exec, images: () => [], guestsDir: '/g', become: 'none' as const })
export const probe = (reply: Replies, more: Partial<Host> = {}, found: Found = {}) =>
  incus.probe({ ...host, ...more }, contextOf(replay(reply, found)), signal)

export async function engine(reply: Replies = recorded) {
  const status = await probe(reply)
  if (status.state !== 'ready') throw new Error(status.cause)
  return incus.open(host, contextOf(replay(reply)), status.info)
}
