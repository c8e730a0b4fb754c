import { z } from 'zod'
import { AppError } from '@/server/errors'
import { rowShape } from './row'
import type { Row } from './types'

/** What a script of scripts.ts printed, by section. */
export type Output = {
  /** What the script could not go on without. */
  fault?: Fault
  lines(section: string): string[]
  /** Lines "key=value" of a section. */
  facts(section: string): Map<string, string>
  /** Rows of the list form: "TAG<tab>NAME<tab>JSON". */
  tagged(section: string): { tag: string; name: string; json: string }[]
  /** Rows of sqlite3's JSON mode, by the tag in their column "@". */
  rows(section: string): { tag: string; row: Row }[]
}

/** Words for what the scripts cannot go on without. `remedy`: a command, there to be copied. */
export type Fault = { cause: string; remedy?: string }

export const faults = (workdir: string, root: boolean): Record<string, Fault> => ({
  name: { cause: 'The folder or name has letters that CBSD does not use' },
  // Who is root may enter all there is.
  workdir: root
    ? {
        cause: `There is no folder ${workdir}: /etc/rc.conf names CBSD's (cbsd_workdir), or this host's settings here do`,
        remedy: `env workdir=${workdir} cbsd initenv`,
      }
    : {
        cause: `${workdir} cannot be entered: it is not there, or this user may not. The settings of this host may name another folder`,
        remedy: 'sudo pw groupmod cbsd -m USER',
      },
  sqlite3: { cause: 'sqlite3 is not installed, and CBSD keeps its state in SQLite files', remedy: 'pkg install sqlite3' },
  database: { cause: `There is no CBSD in ${workdir}: var/db/local.sqlite is missing`, remedy: `env workdir=${workdir} cbsd initenv` },
  denied: {
    cause: `This user may not read CBSD's files in ${workdir}`,
    remedy: 'sudo pw groupmod cbsd -m USER && echo "Now sign in again"',
  },
})

/** Words for a fault; where it can be mended, how. */
export const faultWords = ({ cause, remedy }: Fault): string => (remedy ? `${cause}. Try: ${remedy}` : cause)

/** Throws `AppError('unavailable')` where the script could not go on. */
export function sound(output: Output): Output {
  if (output.fault) throw new AppError('unavailable', faultWords(output.fault))
  return output
}

/** Splits what a script printed. */
export function parseOutput(stdout: string): Output {
  const sections = new Map<string, string[]>()
  let current: string[] = []
  for (const line of stdout.split('\n')) {
    const name = /^@([a-z]+)$/.exec(line)?.[1]
    if (name) {
      current = []
      sections.set(name, current)
    } else if (line !== '') current.push(line)
  }
  const lines = (section: string) => sections.get(section) ?? []
  const facts = (section: string) =>
    new Map(
      lines(section).flatMap((line): [string, string][] => {
        const at = line.indexOf('=')
        return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : []
      }),
    )
  const fault = lines('fault')[0]
  return {
    fault: fault === undefined ? undefined : faults(facts('host').get('workdir') ?? 'its folder', facts('host').get('uid') === '0')[fault],
    lines,
    facts,
    tagged: (section) =>
      lines(section).flatMap((line) => {
        const [tag, name, json] = line.split('\t')
        return tag && name !== undefined && json ? [{ tag, name, json }] : []
      }),
    rows: (section) =>
      lines(section).flatMap((line) => {
        // Each row is a line of its own: "[{…}," then "{…},", at last "{…}]".
        const row = safeRow(line.replace(/^\[/, '').replace(/[,\]]$/, ''))
        return row ? [{ tag: String(row['@'] ?? ''), row }] : []
      }),
  }
}

/** One row of JSON, or null for what is none: a damaged row takes no other with it. */
export function safeRow(json: string): Row | null {
  try {
    const parsed = rowShape.safeParse(JSON.parse(json))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

const list = z.array(z.union([z.string(), z.number(), z.null()]))
/** A JSON array of cells, or empty. */
export function safeList(json: string): (string | number | null)[] {
  try {
    const parsed = list.safeParse(JSON.parse(json))
    return parsed.success ? parsed.data : []
  } catch {
    return []
  }
}
