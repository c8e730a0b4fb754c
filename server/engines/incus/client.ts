import { z } from 'zod'
import { AppError } from '@/server/errors'
import type { Exec } from '@/server/exec/types'
import type { Host } from '@/server/model/host'
import type { Argv } from '@/server/model/plan'

export type Program = 'incus' | 'lxc'

/** Where the two command lines differ. Source: `incus --help` 6.0.4, `lxc --help` 5.0.2. */
const dialects = {
  incus: {
    resume: (name: string): string[] => ['resume', name],
    snapshotCreate: (name: string, snapshot: string): string[] => ['snapshot', 'create', name, snapshot],
    snapshotRestore: (name: string, snapshot: string): string[] => ['snapshot', 'restore', name, snapshot],
    snapshotRemove: (name: string, snapshot: string): string[] => ['snapshot', 'delete', name, snapshot],
  },
  lxc: {
    resume: (name: string): string[] => ['start', name],
    snapshotCreate: (name: string, snapshot: string): string[] => ['snapshot', name, snapshot],
    snapshotRestore: (name: string, snapshot: string): string[] => ['restore', name, snapshot],
    snapshotRemove: (name: string, snapshot: string): string[] => ['delete', `${name}/${snapshot}`],
  },
} satisfies Record<Program, unknown>

/** Names that the engine itself allows; anything else is no instance, and is never put into an address or a command. */
export const isInstanceName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(name) && !name.endsWith('-')
export const isSnapshotName = (name: string): boolean => /^[A-Za-z0-9_.:@+][A-Za-z0-9_.:@+-]*$/.test(name)

export type Client = ReturnType<typeof createClient>

/** One daemon, spoken to through its command line program. */
export function createClient(program: Program, host: Host, exec: Exec) {
  const prefix = program === 'incus' ? 'INCUS' : 'LXD'
  // Somebody's `remote switch` or `project switch` must not send our commands elsewhere.
  const env: Record<string, string> = { [`${prefix}_REMOTE`]: 'local', [`${prefix}_PROJECT`]: 'default' }
  if (host.incusDir) env[`${prefix}_DIR`] = host.incusDir
  const argv = (...rest: string[]): Argv => [program, ...rest]
  const folder = program === 'incus' ? 'incus' : 'lxd'
  return {
    program,
    env,
    /** Where the daemon keeps its guests' logs (Incus: internal/util, LogPath). */
    logDir: host.incusDir ? `${host.incusDir}/logs` : `/var/log/${folder}`,
    argv,
    dialect: dialects[program],
    /** GET of an API path, through a schema. Rejects with ExecError, or `failed` when the answer has another shape. */
    async query<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
      const text = await exec.read(argv('query', path), { env, signal, timeoutMs: 20_000 })
      const parsed = schema.safeParse(JSON.parse(text))
      if (parsed.success) return parsed.data
      throw new AppError('failed', `${program} query ${path} answered in another shape: ${z.prettifyError(parsed.error)}`)
    },
    text: (rest: string[], signal: AbortSignal): Promise<string> => exec.read(argv(...rest), { env, signal }),
  }
}
