import { inClone, root } from './paths.mjs'
import { logged } from './run.mjs'

/** `dist/main.js`: the server in one file. Packages stay outside; they are in node_modules anyway. */
export async function buildServer() {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outfile: 'dist/main.js',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'warning',
    tsconfig: inClone('tsconfig.json'),
  })
}

/** `.next`: the pages. */
export async function buildPages() {
  await logged([process.execPath, inClone('node_modules/next/dist/bin/next'), 'build'], {
    log: 'next-build',
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    cwd: root,
    hint: 'The lines above name the file. `npm run typecheck` shows type errors.',
  })
}
