import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { inClone, root } from '../../scripts/lib/paths.mjs'
import { serverCommand, serverEnv } from '../../scripts/lib/serve.mjs'
import { ownCpu, rss, tree } from '../proc.mjs'
import { attach } from '../socket.mjs'

const viewers = 5
const MB = 1e6
const seconds = 10

/** The consoles in a file of their own that Node can load, below node_modules, where it finds the packages. */
async function build() {
  const { build: bundle } = await import('esbuild')
  const outfile = join(root, 'node_modules', '.cache', 'bailiwick-console-server.mjs')
  await bundle({
    absWorkingDir: root,
    entryPoints: ['bench/console-server.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'error',
    tsconfig: inClone('tsconfig.json'),
  })
  return outfile
}

/** Starts it with the flags and the memory settings of `npm start`; resolves with the child and its port. */
async function start(script, folder, count) {
  const [node, ...flags] = serverCommand()
  const mine = flags.filter((flag) => flag.startsWith('--optimize'))
  const env = { ...process.env, ...serverEnv({ hostSetup: false, privileged: true }) }
  const child = spawn(node, [...mine, script, String(count), folder], { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] })
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(Number(data)))
    child.once('exit', (code) => reject(new Error(`the consoles ended with ${code}`)))
  })
  return { child, port }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms))

/** 200 sessions, each with five viewers: memory with little and with much text, processor time while nothing happens, and what is left. */
export async function sessions(world, count = 200) {
  // A new one: in an old one there would be text of an earlier run.
  const folder = mkdtempSync(join(world.folder, 'kept-consoles-'))
  const { child, port } = await start(await build(), folder, count)
  try {
    const { pid } = child
    await pause(1000)
    const empty = rss(pid)
    const url = (i) => `ws://127.0.0.1:${port}/ws/console?guest=${encodeURIComponent(`local~incus~g${i}`)}&kind=shell`
    const glasses = []
    const join = async (i) => {
      const glass = await attach(url(i))
      glasses[i].push(glass)
      return glass
    }
    await inTens(count, async (i) => {
      glasses[i] = []
      for (let n = 0; n < viewers; n++) await join(i)
      await glasses[i][0].until(/\$ $/)
    })
    const shells = tree(pid).length - 1
    await pause(3000)
    const idle = rss(pid)
    const used = ownCpu(pid)
    await pause(seconds * 1000)
    const idleCpu = (ownCpu(pid) - used) / seconds / count
    // More than a ring holds, before one viewer; then the other four come back to each and are shown the end of it.
    const each = 5 * 1024 * 1024
    for (const glass of glasses.flatMap((all) => all.splice(1))) glass.close()
    const from = { at: performance.now(), cpu: ownCpu(pid) }
    await inTens(count, async (i) => {
      const [glass] = glasses[i]
      const before = glass.seq
      glass.type(`${each}\n`)
      await untilSeq(glass, before + each)
    })
    const poured = { ms: performance.now() - from.at, cpu: ownCpu(pid) - from.cpu }
    await inTens(count, async (i) => {
      for (let n = 1; n < viewers; n++) await untilSeq(await join(i), glasses[i][0].seq)
    })
    await pause(3000)
    const full = rss(pid)
    const lost = glasses.flat().reduce((sum, { told }) => sum + told.filter(({ t }) => t === 'skip').length, 0)
    for (const glass of glasses.flat()) glass.close()
    return {
      sessionIdle: {
        values: [(idle - empty) / count / 1024, idleCpu * 1000],
        note: `${count} sessions, ${viewers} viewers each, ${shells} shells: ${(idle / MB).toFixed(0)} MB in all, of which ${(empty / MB).toFixed(0)} MB before the first`,
      },
      sessionFull: {
        values: [full / MB],
        note: `each had written ${each / MB} MB; the rings hold 4 MiB each. Flooded ten at a time: ${((count * each) / MB / (poured.ms / 1000)).toFixed(0)} MB/s in all, ${((1000 * poured.cpu) / ((count * each) / MB)).toFixed(1)} ms of the server's processor time per MB; ${lost === 0 ? 'no viewer skipped' : `viewers skipped ${lost} times`}`,
      },
    }
  } finally {
    child.stdin.end()
    await new Promise((done) => (child.exitCode !== null ? done() : child.once('exit', done)))
  }
}

/** For each session, ten at a time. */
async function inTens(count, work) {
  for (let i = 0; i < count; i += 10) await Promise.all(Array.from({ length: 10 }, (_, n) => work(i + n)))
}

/** Skipped bytes count as seen: the sequence says how far a viewer is. */
function untilSeq(glass, bytes) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`a viewer stood at ${glass.seq} of ${bytes} bytes`)), 120_000)
    const look = () => {
      if (glass.seq < bytes) return
      clearTimeout(timer)
      glass.looks.delete(look)
      resolve()
    }
    glass.looks.add(look)
    look()
  })
}
