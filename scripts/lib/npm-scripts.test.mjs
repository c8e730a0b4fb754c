import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inClone } from './paths.mjs'

// npm passes SIGINT and SIGTERM on to the shell of a script, and dash keeps them: `kill` of npm would do nothing, or leave the server.
it.each(['start', 'dev'])('npm run %s replaces its shell, so that a signal to npm reaches the server', (name) => {
  const { scripts } = JSON.parse(readFileSync(inClone('package.json'), 'utf8'))
  expect(scripts[name]).toMatch(/^exec node /)
})
