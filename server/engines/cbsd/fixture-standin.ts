import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const hosts = fileURLToPath(new URL('../../../e2e/hosts/', import.meta.url))

export type Said = { code: number; stdout: string; stderr: string }

/** Runs a program to its end, with nothing on its standard input. `env` is all of its environment beside PATH. */
export function run(program: string, args: readonly string[], env: Record<string, string> = {}, timeoutMs = 60_000): Promise<Said> {
  return new Promise((resolve) => {
    const options = {
      env: { NODE_ENV: 'test' as const, PATH: process.env.PATH ?? '', ...env },
      timeout: timeoutMs,
      maxBuffer: 64 * 1024 * 1024,
    }
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
    child.stdin?.end()
  })
}

/** A fresh stand-in host of a test's own. Its path is as long as "/usr/jails", so that columns are as wide as recorded. */
export type Standin = {
  workdir: string
  /** `cbsd …` as the dashboard runs it: without colours and questions. `env` changes that. */
  cbsd(args: readonly string[], env?: Record<string, string>): Promise<Said>
  /** SQL on one of its files, by its path under the working directory. */
  sql(file: string, statement: string): Promise<string>
  remove(): Promise<void>
}

export async function newStandin(...options: string[]): Promise<Standin> {
  const workdir = `/tmp/${randomBytes(3).toString('hex').slice(0, 5)}`
  const made = await run('/bin/sh', [`${hosts}make-host.sh`, workdir, ...options])
  if (made.code !== 0) throw new Error(`make-host.sh ended with ${made.code}: ${made.stderr}`)
  return {
    workdir,
    cbsd: (args, env = { NOINTER: '1', NOCOLOR: '1' }) => run(`${workdir}/bin/cbsd`, args, env),
    async sql(file, statement) {
      const { code, stdout, stderr } = await run('sqlite3', ['-batch', `${workdir}/${file}`, statement])
      if (code !== 0) throw new Error(`${statement}: ${stderr}`)
      return stdout.trim()
    },
    async remove() {
      await run('/bin/sh', [`${hosts}make-host.sh`, '--end', workdir])
      rmSync(workdir, { recursive: true, force: true })
    },
  }
}

/** What the real program printed, on a recorded day. */
export type Transcript = { argv: string[]; env: Record<string, string>; code: number | null; stdout: string; stderr: string }

/** One file of e2e/hosts/transcripts. */
export function transcript(name: string): Transcript {
  const text = readFileSync(`${hosts}transcripts/${name}.txt`, 'utf8')
  const [, line = '', code = '', body = ''] = /^\$ (.*)\n# rc=(\S+).*\n--- stdout\n([\s\S]*)$/.exec(text) ?? []
  const [stdout = '', stderr = ''] = body.split('--- stderr\n')
  const words = line.split(' ').filter((word) => word !== 'DOCTORED-DB' && word !== 'env')
  const at = words.indexOf('cbsd')
  const env = Object.fromEntries(words.slice(0, at).map((word) => word.split('=') as [string, string]))
  return { argv: words.slice(at + 1), env, code: /^\d+$/.test(code) ? Number(code) : null, stdout, stderr }
}
