import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '@/server/errors'
import { createLocalExec } from '@/server/exec/local'
import { type Operation, operation } from '@/server/model/operation'
import type { Argv, Plan } from '@/server/model/plan'
import { written } from './argv'
import { fields } from './fields'
import { knownOf } from './fixture-known'
import { type Sample, samples } from './injection-samples'
import { fieldsOfOperations, spoiled, textsIn, valueAt } from './injection-walk'
import { planCbsd } from './plan'
import type { Found, Known } from './types'

const folder = mkdtempSync(join(tmpdir(), 'in-cbsd-'))
const workdir = join(folder, 'w')
/** What must never exist: every payload tries to make it. */
const trap = join(folder, 'X')
const hosts = fileURLToPath(new URL('../../../e2e/hosts', import.meta.url))
const exec = createLocalExec({ env: { PATH: `${workdir}/bin:${process.env.PATH ?? '/usr/bin:/bin'}` } })

const payloads = [
  ...[`$(touch ${trap})`, `\`touch ${trap}\``, `"; touch ${trap}; "`, `'; touch ${trap}; '`, `;touch ${trap};`, `\ntouch ${trap}\n`],
  ...[`\\ntouch ${trap}\\n`, `|touch ${trap}`, `&touch ${trap}&`, `~;touch ${trap}`, `~root`, `>${trap}`, `\${x:=$(touch ${trap})}`],
  ...[`\\$(touch ${trap})`, `" OR "1"="1`, '-rf', '--help', '*', '../../../etc', '-', ''],
]

beforeAll(() => {
  execFileSync(join(hosts, 'make-host.sh'), [workdir])
}, 60_000)
afterEach(() => expect(existsSync(trap)).toBe(false))
afterAll(async () => {
  await exec.close()
  execFileSync(join(hosts, 'make-host.sh'), ['--end', workdir])
  rmSync(folder, { recursive: true })
})

/** A host that says the same, with guests and things that have the evil name too: so that being missing is not what stops it. */
function knownFor(sample: Sample, evil: string | null): Known {
  const known = knownOf({ workdir, ...sample.given })
  if (evil === null) return known
  const also = (guest: Found): Found => ({ ...guest, name: evil, guest: { ...guest.guest, name: evil } })
  const named = <T extends { key: string }>(list: T[] | undefined): T[] => [
    ...(list ?? []),
    ...(list ?? []).map((each) => ({ ...each, key: evil })),
  ]
  return {
    ...known,
    guests: [...known.guests, ...known.guests.map(also)],
    async detail(name) {
      const detail = await known.detail(name === evil ? (known.guests[0]?.name ?? '') : name)
      const disks = [...detail.disks, ...detail.disks.map((disk) => ({ ...disk, target: evil }))]
      const { settings, shares, checkpoints, limits, media } = detail
      return {
        ...detail,
        disks,
        settings: named(settings),
        shares: named(shares),
        checkpoints: named(checkpoints),
        limits: named(limits),
        media: named(media),
      }
    },
    snapshots: async (name) => (await known.snapshots(name)).flatMap((each) => [each, { ...each, name: evil }]),
    async catalog() {
      const catalog = await known.catalog()
      const { profiles } = catalog
      if (!profiles) return catalog
      const alike = <T extends { id: string }>(list: T[]): T[] => [...list, ...list.map((each) => ({ ...each, id: evil }))]
      return {
        ...catalog,
        networks: [...catalog.networks, { name: evil, title: evil, isDefault: false, active: true }],
        profiles: { ...profiles, vm: alike(profiles.vm), jail: alike(profiles.jail), flavours: alike(profiles.flavours) },
      }
    },
    async hostDetail() {
      const host = await known.hostDetail()
      const { media, nodes, archives, bases } = host
      return { ...host, media: named(media), nodes: named(nodes), archives: named(archives), bases, debris: named(host.debris) }
    },
  }
}

const passed = new Map<string, Plan>()
/** Refused with words, or a plan; anything else is a fault. */
async function attempt(op: Operation, known: Known): Promise<Plan | AppError> {
  try {
    const plan = await planCbsd(op, known)
    passed.set(JSON.stringify([plan.steps]), plan)
    return plan
  } catch (error) {
    if (error instanceof AppError) return error
    // Text where a number belongs, which the edge never lets through.
    if (error instanceof TypeError) return new AppError('invalid', error.message)
    throw error
  }
}

/** What is handed over without the edge's own check, as if somebody had forgotten it. */
const unchecked = (value: unknown): Operation => JSON.parse(JSON.stringify(value))

const all: Sample[] = Object.values(samples(workdir)).flat()
const kindOf = (sample: Sample) => sample.op.kind
const typeOf = (sample: Sample) => (sample.op.kind === 'create' ? sample.op.spec.type : undefined)
const matrix = fieldsOfOperations()

describe('the matrix', () => {
  test('each sample passes the edge and the planner: what is refused below is refused for what was put in', async () => {
    for (const sample of all) {
      expect(operation.safeParse(sample.op).error, kindOf(sample)).toBeUndefined()
      const result = await attempt(sample.op, knownFor(sample, null))
      expect(result, `${JSON.stringify(sample.op)}: ${result instanceof Error ? result.message : ''}`).not.toBeInstanceOf(Error)
    }
    expect(new Set(all.map(kindOf))).toEqual(new Set(matrix.map(({ kind }) => kind).concat(['hook.install', 'hook.remove'])))
  })

  test('it has every field there is', () => {
    const names = matrix.map(({ kind, path }) => [kind, ...path].join('/'))
    expect(names).toEqual(
      expect.arrayContaining([
        'create/spec/access/sshKeys/0',
        'set/settings/vnc_password',
        'set/settings/*',
        'limits/limits/*',
        'share.add/path',
      ]),
    )
    expect(names.length).toBeGreaterThan(200)
  })

  test('no payload in any field of any operation runs or passes into a command line', async () => {
    for (const { kind, type, path } of matrix) {
      for (const sample of all) {
        if (kindOf(sample) !== kind || (type !== undefined && typeOf(sample) !== type)) continue
        const usual = valueAt(sample.op, path)
        for (const payload of payloads) {
          for (const evil of typeof usual === 'string' ? [payload, `${usual}${payload}`] : [payload]) {
            await attempt(unchecked(spoiled(sample.op, path, evil)), knownFor(sample, evil))
          }
        }
      }
    }
    expect(existsSync(trap)).toBe(false)
  }, 120_000)

  test('nor does what the host itself says: rows, paths, names of media, files', async () => {
    for (const sample of all) {
      if (sample.op.kind === 'set' && sample.op.settings) continue
      const known = knownFor(sample, null)
      const said = {
        guests: known.guests,
        node: known.cbsd.node,
        catalog: await known.catalog(),
        host: await known.hostDetail(),
        detail: await Promise.all(known.guests.map((each) => known.detail(each.name))),
      }
      for (const path of textsIn(said)) {
        for (const payload of payloads.filter((_, index) => index % 7 === 0)) {
          const evil: typeof said = JSON.parse(JSON.stringify(spoiled(said, path, payload)))
          await attempt(sample.op, {
            ...known,
            cbsd: { ...known.cbsd, node: evil.node },
            guests: evil.guests,
            catalog: async () => evil.catalog,
            hostDetail: async () => evil.host,
            detail: async (name) => evil.detail[known.guests.findIndex((each) => each.name === name)] ?? known.detail(name),
          })
        }
      }
    }
  }, 120_000)

  test('each rule alone refuses each of them', () => {
    const empty = (key: string, payload: string) => payload === '' && key === 'tags'
    for (const key of Object.keys(fields))
      for (const payload of payloads) if (!empty(key, payload)) expect(() => written(key, payload), `${key}=${payload}`).toThrow(AppError)
  })
})

const argvsOf = (plan: Plan): Argv[] =>
  plan.steps.flatMap((step) => [
    ...('argv' in step ? [step.argv] : []),
    ...(step.undo ? [step.undo] : []),
    ...(step.explain ? [step.explain] : []),
  ])
/** KEY=VALUE as init() of CBSD has it: what the shell makes of it is the whole point. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is shell text
const evaluate = 'for word do case $word in *=*) eval "in_${word%%=*}=\\"${word#*=}\\"" ;; esac; done'

describe('what did pass', () => {
  test('does nothing when a shell evaluates it as CBSD does', () => {
    const words = new Set(
      [...passed.values()].flatMap((plan) =>
        argvsOf(plan).flatMap((argv) => (argv.includes('cbsd') ? argv.slice(argv.indexOf('cbsd') + 2) : [])),
      ),
    )
    expect(words.size).toBeGreaterThan(100)
    // What a payload adds without a mark that means something ("web" and "--help") is a word like any other.
    for (const word of words) if (word !== 'astart') expect(word).toMatch(/^[a-z][A-Za-z0-9_]*=[A-Za-z0-9_ .,:@%+=/#-]*$/)
    const result = spawnSync('sh', ['-c', evaluate, 'sh', ...words], { encoding: 'utf8', cwd: folder })
    expect(result).toMatchObject({ status: 0, stderr: '' })
  })

  test('does nothing when it runs', async () => {
    const lines = new Map([...passed.values()].flatMap((plan) => argvsOf(plan).map((argv) => [JSON.stringify(argv), argv] as const)))
    const inside = (word: string) => !word.startsWith('/') || word.startsWith(`${workdir}/`) || word === workdir
    const runnable = [...lines.values()].filter((argv) => !argv.some((word) => /^[jbq](start|restart)$/.test(word)))
    // Only what stays within the host made for this test.
    for (const argv of runnable) if (argv[0] !== 'env' && argv[0] !== '/bin/sh') expect(argv.every(inside), argv.join(' ')).toBe(true)
    for (let at = 0; at < runnable.length; at += 4) {
      const some = runnable.slice(at, at + 4)
      await Promise.all(some.map((argv) => exec.run(argv, { timeoutMs: 30_000, stdin: '' })))
      expect(existsSync(trap), JSON.stringify(some)).toBe(false)
    }
  }, 300_000)

  test('only argv.ts makes lines of cbsd', () => {
    const here = fileURLToPath(new URL('.', import.meta.url))
    const others = readdirSync(here).filter((file) => /^plan.*(?<!test)\.ts$/.test(file))
    expect(others.length).toBeGreaterThan(10)
    for (const file of others) expect(/['"`]cbsd['"`]/.test(readFileSync(join(here, file), 'utf8')), file).toBe(false)
  })
})

describe('the trap works', () => {
  test.each([`jname=$(touch ${trap})`, `jname=web host_hostname=\`touch ${trap}\``, `display=jname";touch ${trap};"`])(
    '%s, given as it is, springs it',
    (word) => {
      const raw: Argv = ['env', 'NOINTER=1', 'cbsd', 'jls', ...word.split(/ (?=host)/)]
      spawnSync(raw[0], raw.slice(1), { env: { ...process.env, PATH: `${workdir}/bin:${process.env.PATH ?? ''}` }, cwd: folder })
      expect(existsSync(trap)).toBe(true)
      rmSync(trap)
    },
  )
  test('and through the evaluation used above', () => {
    spawnSync('sh', ['-c', evaluate, 'sh', `jname=$(touch ${trap})`])
    expect(existsSync(trap)).toBe(true)
    rmSync(trap)
  })
})
