// npm run release: dist/bailiwick-<version>.tar.gz, which runs without npm, compilers or any development package.
import { report } from './lib/host.mjs'
import { buildAll, installModules } from './lib/project.mjs'
import { makeRelease } from './lib/release.mjs'
import { more, say } from './lib/say.mjs'

try {
  await installModules()
  await buildAll()
  const { path, bytes, digest } = await makeRelease()
  say(`${path}, ${(bytes / 1e6).toFixed(1)} MB`)
  more(`SHA-256 ${digest}`)
} catch (error) {
  report(error)
  process.exitCode = 1
}
