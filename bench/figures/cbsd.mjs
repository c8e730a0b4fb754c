import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inClone, root } from '../../scripts/lib/paths.mjs'
import { logged } from '../../scripts/lib/run.mjs'
import { median, times } from '../stats.mjs'

const guests = 300

/** The engine as the server has it, in a file of its own that Node can load. */
async function loadEngine(folder) {
  const { build } = await import('esbuild')
  const outfile = join(folder, 'cbsd-engine.mjs')
  await build({
    absWorkingDir: root,
    stdin: {
      contents: "export { cbsd } from './server/engines/cbsd'\nexport { createLocalExec } from './server/exec/local'\n",
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    // Native modules stay where they are; the rest is bundled, so that the file may lie anywhere.
    external: ['node-pty'],
    banner: { js: "import { createRequire as make } from 'node:module';const require = make(import.meta.url);" },
    logLevel: 'error',
    tsconfig: inClone('tsconfig.json'),
  })
  return import(pathToFileURL(outfile).href)
}

/** Seconds that a command takes to its end. */
function seconds(argv, env) {
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { stdio: 'ignore', env: { ...process.env, ...env } })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve((performance.now() - from) / 1000)
      else reject(new Error(`${argv.join(' ')} ended with ${code}`))
    })
  })
}

/** Lists a CBSD host of 300 guests: how long, and in how many commands; beside it what CBSD's own lists take. */
export async function cbsd(world) {
  const workdir = join(world.folder, 'cbsd')
  const script = join(root, 'e2e', 'hosts', 'make-host.sh')
  await logged(['/bin/sh', script, workdir, '--guests', String(guests)], { log: 'cbsd-host' })
  try {
    const cache = join(root, 'node_modules', '.cache')
    mkdirSync(cache, { recursive: true })
    const { cbsd: engine, createLocalExec } = await loadEngine(cache)
    const path = `${workdir}/bin:${process.env.PATH}`
    const exec = createLocalExec({ env: { PATH: path } })
    let commands = 0
    const counted = {
      ...exec,
      read: (...args) => {
        commands++
        return exec.read(...args)
      },
      run: (...args) => {
        commands++
        return exec.run(...args)
      },
    }
    const host = { id: 'bench', name: 'bench', transport: 'local', libvirtUri: '', cbsdWorkdir: workdir }
    const signal = AbortSignal.timeout(5 * 60_000)
    const context = { exec: counted, images: () => [], guestsDir: workdir, become: 'none' }
    const status = await engine.probe(host, context, signal)
    if (status.state !== 'ready') throw new Error(status.cause)
    const open = engine.open(host, context, status.info)
    const listed = async () => {
      const from = performance.now()
      const found = await open.list(signal)
      if (found.length !== guests) throw new Error(`${found.length} of ${guests} guests were listed`)
      return (performance.now() - from) / 1000
    }
    // The first list starts to read the profiles, which take CBSD seconds; only lists are counted.
    await listed()
    await open.catalog(signal)
    commands = 0
    const list = median(await times(5, listed))
    const each = commands / 5
    const env = { PATH: path, NOINTER: '1', NOCOLOR: '1' }
    const own = median(await times(3, async () => (await seconds(['cbsd', 'jls'], env)) + (await seconds(['cbsd', 'bls'], env))))
    await exec.close()
    return {
      cbsdList: {
        values: [list],
        note: `\`cbsd jls\` and \`cbsd bls\` of the same host, one after the other: ${own.toFixed(2)} s; both of the stand-in, which keeps CBSD's files and forks as it does`,
      },
      cbsdCommands: { values: [each], note: 'over ssh each is a round trip' },
    }
  } finally {
    await logged(['/bin/sh', script, '--end', workdir], { log: 'cbsd-host' })
    rmSync(workdir, { recursive: true, force: true })
  }
}
