import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { AppError } from './errors'
import { parseSize } from './model/size'

/** The project's folder: the nearest one above this file (or above dist/) with a package.json. */
function findProject(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) return process.cwd()
    folder = parent
  }
  return folder
}

const flag = z.enum(['0', '1'], 'must be 0 or 1').transform((text) => text === '1')
const path = z.string().regex(/^[^\p{Cc}]+$/u, 'must be a path')

const whole = (least: number, most: number) =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)

const schema = z.object({
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an address')
    .default('127.0.0.1'),
  PORT: z.coerce.number('must be a number').int('must be a whole number').min(0).max(65535, 'must be at most 65535').default(3000),
  BAILIWICK_DATA: path.optional(),
  BAILIWICK_STORE: path.optional(),
  BAILIWICK_HOST_SETUP: flag.default(true),
  BAILIWICK_LIBVIRT_URI: z.string().max(512).default('qemu:///system'),
  BAILIWICK_INCUS_DIR: z.string().max(512).optional(),
  BAILIWICK_CBSD_WORKDIR: z.string().max(512).optional(),
  /** Folders looked into before the usual ones when commands run on this machine, as in PATH. */
  BAILIWICK_PATH: z
    .string()
    .max(4096)
    .regex(/^\/[^:\p{Cc}]*(:\/[^:\p{Cc}]*)*$/u, 'must be absolute folders with : between them')
    .optional(),
  /** The address people use, when it is not this server's own: https://bailiwick.example.org */
  BAILIWICK_ORIGIN: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  BAILIWICK_TRUST_PROXY: flag.default(false),
  /** Whether administrators may open a shell on the hosts themselves. */
  BAILIWICK_HOST_SHELL: z.enum(['on', 'off'], 'must be on or off').default('on'),
  /** The largest file that is moved into or out of a guest, bytes or with a unit. */
  BAILIWICK_FILE_LIMIT: z
    .string()
    .default('4 GiB')
    .transform((text, context) => {
      const bytes = parseSize(text)
      if (bytes) return bytes
      context.addIssue({ code: 'custom', message: 'must be a size such as 4 GiB' })
      return z.NEVER
    }),
  /** MiB that a console session keeps for those who come back; as much again, and half, on disk. */
  BAILIWICK_CONSOLE_MIB: whole(1, 64).default(4),
  /** MiB of console text on disk, all sessions together. */
  BAILIWICK_CONSOLE_DISK_MIB: whole(16, 1024 * 1024).default(1024),
  /** Minutes after which a console that nobody watches ends. */
  BAILIWICK_CONSOLE_IDLE_MINUTES: whole(1, 60 * 24 * 7).default(30),
  /** Console sessions at a time, and viewers of one. */
  BAILIWICK_CONSOLES: whole(1, 10_000).default(400),
  BAILIWICK_CONSOLE_VIEWERS: whole(1, 1000).default(50),
  BAILIWICK_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export type Env = {
  project: string
  host: string
  port: number
  /** Database, secrets, uploads in progress. */
  data: string
  /** Images and the disks of guests made by Bailiwick. */
  store: string
  libvirtUri: string
  incusDir?: string
  cbsdWorkdir?: string
  /** Folders before the usual ones in the PATH of this machine's commands. */
  path?: string
  origin?: string
  trustProxy: boolean
  /** The largest file that is moved into or out of a guest, bytes. */
  fileLimitBytes: number
  /** Whether administrators may open a shell on the hosts themselves. */
  hostShell: boolean
  logLevel: string
  /** Bounds of consoles, bytes and ms. */
  consoles: { ringBytes: number; keptBytes: number; idleMs: number; sessions: number; viewers: number }
}

/** The environment, checked. Throws `invalid` that names each variable at fault and what it may be. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
    throw new AppError('invalid', faults.join('; '), String(parsed.error.issues[0]?.path[0] ?? ''))
  }
  const env = parsed.data
  const project = findProject()
  const data = resolve(project, env.BAILIWICK_DATA ?? '.bailiwick')
  // QEMU runs as another user: disks must lie where it may read, which a home directory often is not.
  const system = process.getuid?.() === 0 && env.BAILIWICK_HOST_SETUP
  return {
    project,
    host: env.HOST,
    port: env.PORT,
    data,
    store: env.BAILIWICK_STORE ? resolve(project, env.BAILIWICK_STORE) : system ? '/var/lib/bailiwick' : join(data, 'store'),
    libvirtUri: env.BAILIWICK_LIBVIRT_URI,
    incusDir: source.BAILIWICK_INCUS_DIR,
    cbsdWorkdir: source.BAILIWICK_CBSD_WORKDIR,
    path: env.BAILIWICK_PATH,
    origin: env.BAILIWICK_ORIGIN && new URL(env.BAILIWICK_ORIGIN).origin,
    trustProxy: env.BAILIWICK_TRUST_PROXY,
    hostShell: env.BAILIWICK_HOST_SHELL === 'on',
    fileLimitBytes: env.BAILIWICK_FILE_LIMIT,
    logLevel: env.BAILIWICK_LOG,
    consoles: {
      ringBytes: env.BAILIWICK_CONSOLE_MIB * 1024 * 1024,
      keptBytes: env.BAILIWICK_CONSOLE_DISK_MIB * 1024 * 1024,
      idleMs: env.BAILIWICK_CONSOLE_IDLE_MINUTES * 60_000,
      sessions: env.BAILIWICK_CONSOLES,
      viewers: env.BAILIWICK_CONSOLE_VIEWERS,
    },
  }
}
