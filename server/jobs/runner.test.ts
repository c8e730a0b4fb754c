import { describe, expect, test } from 'vitest'
import type { Exec, RunOptions, RunResult } from '@/server/exec/types'
import type { Argv, Plan, Step } from '@/server/model/plan'
import type { Check } from './check'
import { runPlan } from './runner'

type Answer = Partial<RunResult> | Error
/** An exec that only remembers: enough to see what a plan would do to a host, and in which order. */
function recorder(answers: Record<string, Answer> = {}) {
  const ran: string[] = []
  const unused = () => {
    throw new Error('not part of running a plan')
  }
  const exec: Exec = {
    async run(argv: Argv, options: RunOptions = {}) {
      const line = argv.join(' ')
      ran.push(options.stdin === undefined ? line : `${line} < ${options.stdin}`)
      const answer = answers[line] ?? {}
      if (answer instanceof Error) throw answer
      if (answer.stdout) options.onOutput?.('stdout', answer.stdout)
      return { argv, code: 0, stdout: '', stderr: '', truncated: false, seconds: 0.01, ...answer }
    },
    async writeFile(path, mode, content) {
      ran.push(`write ${path} ${mode.toString(8)} ${content}`)
    },
    read: unused,
    lines: unused,
    stream: unused,
    pty: unused,
    connect: unused,
    readFile: unused,
    stat: unused,
    follow: unused,
    readDir: unused,
    close: unused,
  }
  return { exec, ran }
}

const holds: Check = async () => ({ holds: true, seen: '' })
const plan = (steps: Step[], more: Partial<Plan> = {}): Plan => ({ steps, expect: { kind: 'none' }, warnings: [], locks: [], ...more })
const step = (title: string, argv: Argv, more: Partial<Step> = {}): Step => ({ title, argv, ...more })

describe('runPlan', () => {
  test('runs steps in order, with input and files, and records them', async () => {
    const { exec, ran } = recorder({ 'make disk': { stdout: 'made\n' } })
    const seen: string[] = []
    const result = await runPlan(
      plan([
        step('Disk', ['make', 'disk']),
        { title: 'Seed', write: { path: '/g/seed', mode: 0o600, content: 'hello' } },
        step('Define', ['define'], { stdin: '<xml/>' }),
      ]),
      exec,
      { check: holds, onSteps: (steps) => void seen.push(steps.map((s) => s.state[0]).join('')) },
    )
    expect(ran).toEqual(['make disk', 'write /g/seed 600 hello', 'define < <xml/>'])
    expect(result.state).toBe('done')
    expect(result.steps[0]).toMatchObject({ state: 'done', exitCode: 0, stdoutTail: 'made\n' })
    expect(seen).toEqual(['rww', 'dww', 'drw', 'ddw', 'ddr', 'ddd'])
  })

  test('a request that a guest may miss is made again until it is seen, and counted', async () => {
    const { exec, ran } = recorder({ press: { code: 0 } })
    const check: Check = async () => ({ holds: ran.length >= 3, seen: 'running' })
    const result = await runPlan(plan([step('Ask', ['press'])], { repeatLastMs: 1 }), exec, { check })
    expect(ran).toEqual(['press', 'press', 'press'])
    expect(result).toMatchObject({ state: 'done', steps: [{ runs: 3 }] })
  })

  test('a command that answers as some versions do is asked the other way, once, and that line is what is recorded', async () => {
    const otherwise = { said: ['No such thing: name=a'], argv: ['start', 'a'] as const }
    const asked = (answer: Answer) => recorder({ 'start name=a': answer, 'start a': { stdout: 'No such thing: name=a\n', code: 1 } })
    const old = asked({ stdout: 'started\nNo such thing: name=ab\n' })
    const first = await runPlan(plan([step('Start', ['start', 'name=a'], { otherwise })]), old.exec, { check: holds })
    expect(old.ran).toEqual(['start name=a'])
    expect(first.steps[0]).toMatchObject({ argv: ['start', 'name=a'], state: 'done' })

    const newer = asked({ stdout: 'No such thing: name=a\n', code: 1 })
    const second = await runPlan(plan([step('Start', ['start', 'name=a'], { otherwise })]), newer.exec, { check: holds })
    expect(newer.ran).toEqual(['start name=a', 'start a'])
    expect(second).toMatchObject({ state: 'failed', steps: [{ argv: ['start', 'a'], exitCode: 1 }] })
  })

  test('a failed step undoes the finished ones in reverse, itself not, and skips the rest', async () => {
    const { exec, ran } = recorder({ c: { code: 2, stderr: 'error: it is\nerror: full\n' }, 'undo b': { code: 1, stderr: 'gone' } })
    const result = await runPlan(
      plan([
        step('A', ['a'], { undo: ['undo', 'a'] }),
        step('B', ['b'], { undo: ['undo', 'b'] }),
        step('C', ['c'], { undo: ['undo', 'c'] }),
        step('D', ['d'], { undo: ['undo', 'd'] }),
      ]),
      exec,
      { check: holds, undoPatienceMs: 0 },
    )
    expect(ran).toEqual(['a', 'b', 'c', 'undo b', 'undo a'])
    expect(result.state).toBe('failed')
    expect(result.error).toBe('C: exit code 2: it is – full')
    expect(result.steps.map((s) => s.state)).toEqual(['done', 'done', 'failed', 'skipped'])
    expect(result.steps[1]?.undone).toEqual({ ok: false, detail: 'gone' })
    expect(result.steps[0]?.undone).toEqual({ ok: true })
    expect(result.steps[2]?.undone).toBeUndefined()
  })

  test('a failed step is explained before it is undone, with its own environment', async () => {
    const { exec, ran } = recorder({ b: { code: 1, stderr: 'see the log' }, log: { stdout: 'no such file, pw1234' } })
    const steps = [step('A', ['a'], { undo: ['undo', 'a'] }), step('B', ['b'], { explain: ['log'], secrets: ['pw1234'] })]
    const result = await runPlan(plan(steps), exec, { check: holds })
    expect(ran).toEqual(['a', 'b', 'log', 'undo a'])
    expect(result.steps[1]?.stderrTail).toBe('see the log\n$ log\nno such file, ••••••')
    expect(result.error).toBe('B: exit code 1: see the log')
  })

  test('a step that timed out may be half done, so it is undone too', async () => {
    const { exec, ran } = recorder({ b: { code: null, signal: 'timeout' } })
    const result = await runPlan(
      plan([step('A', ['a'], { undo: ['undo', 'a'] }), step('B', ['b'], { undo: ['undo', 'b'], timeoutMs: 5000 })]),
      exec,
      { check: holds },
    )
    expect(ran).toEqual(['a', 'b', 'undo b', 'undo a'])
    expect(result.error).toBe('B: stopped after 5 s without an end')
  })

  test('an exit code in okCodes is success; a program that cannot start is a failure in words', async () => {
    const { exec } = recorder({ a: { code: 3 }, b: new Error('b is not installed on this host') })
    const result = await runPlan(plan([step('A', ['a'], { okCodes: [0, 3] }), step('B', ['b'])]), exec, { check: holds })
    expect(result.steps.map((s) => s.state)).toEqual(['done', 'failed'])
    expect(result.error).toBe('B: b is not installed on this host')
  })

  test('exit codes are not trusted: without the expected state it fails with both facts, and nothing is undone', async () => {
    const { exec, ran } = recorder()
    const result = await runPlan(
      plan([step('A', ['a'], { undo: ['undo', 'a'] })], {
        expect: { kind: 'guest', name: 'web-01', states: ['running'] },
        expectWithinMs: 60,
      }),
      exec,
      { check: async () => ({ holds: false, seen: 'web-01 is stopped' }) },
    )
    expect(result).toMatchObject({ state: 'failed', error: 'Expected: web-01 is running. Seen after 0 s: web-01 is stopped.' })
    expect(ran).toEqual(['a'])
  })

  test('looks again until it holds, also when a look fails', async () => {
    const { exec } = recorder()
    const looks: (() => Promise<{ holds: boolean; seen: string }>)[] = [
      () => Promise.reject(new Error('no answer')),
      async () => ({ holds: false, seen: 'not yet' }),
      async () => ({ holds: true, seen: '' }),
    ]
    const check: Check = () => looks.shift()?.() ?? Promise.reject(new Error('looked too often'))
    expect((await runPlan(plan([], { expect: { kind: 'absent', name: 'x' } }), exec, { check })).state).toBe('done')
    expect(looks).toHaveLength(0)
  })

  test('a cancel while waiting for the expectation undoes what was done', async () => {
    const { exec, ran } = recorder()
    const cancel = new AbortController()
    const result = await runPlan(plan([step('A', ['a'], { undo: ['undo', 'a'] })], { expect: { kind: 'absent', name: 'x' } }), exec, {
      signal: cancel.signal,
      check: async () => {
        cancel.abort()
        return { holds: false, seen: '' }
      },
    })
    expect(result.state).toBe('cancelled')
    expect(ran).toEqual(['a', 'undo a'])
  })

  test('a secret is in no part of the record, however a tool wrote it', async () => {
    const secret = `p"a'ss<&>1`
    const { exec, ran } = recorder({
      [`a ${secret}`]: { stdout: `got ${secret}\n`, stderr: `{"pw": ${JSON.stringify(secret)}}` },
      b: { code: 1, stderr: `bad password ${secret} &lt;` },
    })
    const progress: unknown[] = []
    const result = await runPlan(
      plan([
        step(`Set ${secret}`, ['a', secret], { secrets: [secret], progress: 'lines', undo: ['undo', secret] }),
        {
          title: 'Seed',
          write: { path: '/seed', mode: 0o600, content: `password: '${secret.replaceAll("'", "''")}'` },
          secrets: [secret],
        },
        step('B', ['b'], { stdin: `<pw>p"a'ss&lt;&amp;&gt;1</pw>` }),
      ]),
      exec,
      { check: holds, onProgress: (p) => progress.push(p) },
    )
    expect(ran[0]).toBe(`a ${secret}`)
    const kept = JSON.stringify([result, progress])
    expect(progress).toHaveLength(1)
    for (const piece of ['ss<', 'ss&lt;', "a''ss", JSON.stringify(JSON.stringify(secret)).slice(3, -3)]) expect(kept).not.toContain(piece)
    expect(result.error).toContain('bad password ••••••')
  })

  test('keeps the last 8 KiB of output, without half a secret at its edge', async () => {
    const secret = 'S3CRET-S3CRET-S3CRET'
    for (let shift = 0; shift < secret.length; shift++) {
      const { exec } = recorder({ a: { stdout: `${'x'.repeat(100)}${secret}${'y'.repeat(8192 - shift)}` } })
      const result = await runPlan(plan([step('A', ['a'], { secrets: [secret] })]), exec, { check: holds })
      const kept = result.steps[0]?.stdoutTail ?? ''
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(8192)
      expect(kept).not.toMatch(/[S3CRET-]/)
    }
  })
})
