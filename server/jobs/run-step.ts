import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Exec, RunResult } from '@/server/exec/types'
import type { JobStep } from '@/server/model/job'
import type { Argv, Step } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import { type Progress, progressReader } from './progress'

const tailBytes = 8 * 1024
const defaultTimeoutMs = 60_000
const undoTimeoutMs = 60_000
const explainTimeoutMs = 10_000
const explainTries = 5
const explainPauseMs = 200

/** What a step came to. `killed`: the runner ended it (timeout or cancel), so it may have stopped half way. */
export type StepEnd = Pick<JobStep, 'argv' | 'exitCode' | 'signal' | 'stdoutTail' | 'stderrTail' | 'seconds'> & {
  ok: boolean
  killed: boolean
  error?: string
}

type Surroundings = {
  exec: Exec
  mask: (text: string) => string
  signal: AbortSignal
  onProgress: (progress: Progress) => void
  /** Called in the moment its process starts, where it runs on this machine. */
  onStart?: (pid: number) => void
}

/** The last 8 KiB, cut after masking so that no half of a secret stays. */
const tail = (text: string, mask: (text: string) => string): string | undefined => {
  const bytes = Buffer.from(mask(text))
  return bytes.length === 0
    ? undefined
    : bytes
        .subarray(-tailBytes)
        .toString('utf8')
        .replace(/^\uFFFD+/, '')
}

/** The lines of an error that a person should read, without the tools' own "error:" before each. */
function gist(result: RunResult): string {
  const lines = (result.stderr.trim() || result.stdout.trim()).split('\n')
  const said = lines
    .map((line) => line.trim().replace(/^error:\s*/i, ''))
    .filter(Boolean)
    .slice(-3)
  return said.join(' – ').slice(0, 500)
}

function failure(step: Step, result: RunResult, timeoutMs: number): string {
  const said = gist(result)
  const after = said ? `: ${said}` : ''
  if (result.signal === 'timeout') return `${step.title}: stopped after ${timeoutMs / 1000} s without an end${after}`
  if (result.signal === 'aborted') return `${step.title}: cancelled`
  if (result.code === null) return `${step.title}: ended by ${result.signal ?? 'a signal'}${after}`
  return `${step.title}: exit code ${result.code}${after}`
}

/** The bytes of a file, counted as they are taken. Nothing is opened before somebody reads. */
function feed({ path, sizeBytes }: NonNullable<Step['feed']>, { onProgress }: Surroundings): Readable {
  async function* counted() {
    let taken = 0
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      taken += piece.length
      onProgress({ fraction: sizeBytes > 0 ? taken / sizeBytes : 1, text: `${formatBytes(taken)} of ${formatBytes(sizeBytes)}` })
      yield piece
    }
  }
  return Readable.from(counted(), { objectMode: false })
}

type CommandStep = Extract<Step, { argv: Argv }>

/** Whether the command answered with one of these lines, whatever stream it wrote them to. */
const answered = ({ stdout, stderr }: RunResult, said: string[]): boolean =>
  `${stdout}\n${stderr}`.split('\n').some((line) => said.includes(line.trim()))

async function runCommand(step: CommandStep, around: Surroundings): Promise<StepEnd> {
  const timeoutMs = step.timeoutMs ?? defaultTimeoutMs
  const read = step.progress ? progressReader(step.progress, around.mask) : null
  const stdin = step.feed ? feed(step.feed, around) : step.stdin
  const result = await around.exec.run(step.argv, {
    stdin,
    timeoutMs,
    signal: around.signal,
    env: step.env,
    secrets: step.secrets,
    onStart: around.onStart,
    onOutput: (_, text) => {
      const progress = read?.(text)
      if (progress) around.onProgress(progress)
    },
  })
  const { otherwise, ...rest } = step
  if (otherwise && !result.signal && answered(result, otherwise.said)) {
    const end = await runCommand({ ...rest, argv: otherwise.argv }, around)
    return { ...end, argv: otherwise.argv.map(around.mask) }
  }
  const ok = result.code !== null && !result.signal && (step.okCodes ?? [0]).includes(result.code)
  return {
    ok,
    killed: result.signal === 'timeout' || result.signal === 'aborted',
    exitCode: result.code ?? undefined,
    signal: result.signal,
    stdoutTail: tail(result.stdout, around.mask),
    stderrTail: tail(result.stderr, around.mask),
    seconds: result.seconds,
    error: ok ? undefined : around.mask(failure(step, result, timeoutMs)),
  }
}

/** Runs one step to its end. Never rejects: what could not even be started is a failure with its words. */
export async function runStep(step: Step, around: Surroundings): Promise<StepEnd> {
  const started = performance.now()
  try {
    if ('argv' in step) return await runCommand(step, around)
    await around.exec.writeFile(step.write.path, step.write.mode, step.write.content)
    return { ok: true, killed: false, seconds: (performance.now() - started) / 1000 }
  } catch (error) {
    const said = around.mask(error instanceof Error ? error.message : String(error))
    const seconds = (performance.now() - started) / 1000
    return { ok: false, killed: false, seconds, stderrTail: tail(said, around.mask), error: `${around.mask(step.title)}: ${said}` }
  }
}

/**
 * What the step's `explain` command tells of a failure, behind what the step itself said. Its own failure tells nothing.
 * It is asked a few times: Incus refuses to tell about a container for a moment while it still takes it down ("Invalid PID").
 */
export async function explained(
  step: Step,
  stderrTail: string | undefined,
  exec: Exec,
  mask: (text: string) => string,
): Promise<string | undefined> {
  if (!step.explain) return stderrTail
  const options = { timeoutMs: explainTimeoutMs, secrets: step.secrets, env: 'argv' in step ? step.env : undefined }
  for (let tries = 0; tries < explainTries; tries++) {
    if (tries > 0) await delay(explainPauseMs)
    const result = await exec.run(step.explain, options).catch(() => null)
    if (result?.code === 0 && result.stdout.trim()) return tail(`${stderrTail ?? ''}\n$ ${step.explain.join(' ')}\n${result.stdout}`, mask)
  }
  return stderrTail
}

const undoPausesMs = { first: 250, slowest: 2000 }

/**
 * Runs a step's undo. It cannot be cancelled: half an undo would be debris.
 * One that fails is run again with growing pauses until `patienceMs` have passed: an engine may still be busy with what failed
 * (LXD 5.0.2 refuses to delete for 1 to 3 s after a start that failed: `Instance is busy running a "stop" operation`).
 */
export async function runUndo(
  argv: Argv,
  step: Step,
  { exec, mask, patienceMs }: { exec: Exec; mask: (text: string) => string; patienceMs: number },
): Promise<NonNullable<JobStep['undone']>> {
  const env = 'argv' in step ? step.env : undefined
  const end = performance.now() + patienceMs
  for (let runs = 1, pause = undoPausesMs.first; ; runs++, pause = Math.min(pause * 2, undoPausesMs.slowest)) {
    const times = runs > 1 ? { runs } : {}
    try {
      const result = await exec.run(argv, { timeoutMs: undoTimeoutMs, secrets: step.secrets, env })
      if (result.code === 0) return { ok: true, ...times }
      // One that had to be killed took its time already.
      if (result.code === null || performance.now() + pause > end)
        return { ok: false, detail: mask(gist(result) || `exit code ${result.code ?? result.signal}`), ...times }
    } catch (error) {
      return { ok: false, detail: mask(error instanceof Error ? error.message : String(error)), ...times }
    }
    await delay(pause)
  }
}
