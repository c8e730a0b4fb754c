import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const alias = { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') }
const shared = { resolve: { alias } }
/** Limits for what should come at once: those of vitest are timed assertions on a busy machine. */
const patience = { testTimeout: 30_000, hookTimeout: 60_000, expect: { poll: { timeout: 15_000 } } }
/** `ENGINES=cbsd,incus npm run test:contract`: only the common scenario of these (docs/engines.md). */
const scenarios = process.env.ENGINES?.split(',').map((kind) => `server/engines/${kind}/${kind}.contract.test.ts`)
const ignored = ['**/node_modules/**', '.bailiwick/**', '.next/**', 'dist/**', 'e2e/**']

/** Two at least: tests with real programs mostly wait, and left to itself vitest takes one worker on two cores. */
const maxWorkers = Math.max(2, availableParallelism() - 1)

/** unit: nothing outside the process · exec: real fixture programs · contract: real engines (started by `npm test`). */
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx,mjs}'],
          exclude: [...ignored, '**/*.exec.test.ts', '**/*.contract.test.ts'],
          maxWorkers,
          ...patience,
        },
      },
      {
        ...shared,
        test: { name: 'exec', include: ['**/*.exec.test.ts'], exclude: ignored, maxWorkers, ...patience },
      },
      {
        ...shared,
        test: {
          name: 'contract',
          include: scenarios ?? ['**/*.contract.test.ts'],
          exclude: ignored,
          ...patience,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
