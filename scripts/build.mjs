// npm run build: the database client, the server (dist/main.js) and the pages (.next). `--force` builds unchanged sources too.
import { report } from './lib/host.mjs'
import { buildAll, installModules } from './lib/project.mjs'
import { say } from './lib/say.mjs'

try {
  await installModules()
  const built = await buildAll({ force: process.argv.includes('--force') })
  say(built ? 'Built.' : 'Nothing changed since the last build.')
} catch (error) {
  report(error)
  process.exitCode = 1
}
