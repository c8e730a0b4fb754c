import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasApt, refreshLists } from '../scripts/lib/packages.mjs'
import { ownDir } from '../scripts/lib/paths.mjs'
import { logged } from '../scripts/lib/run.mjs'
import { say, step } from '../scripts/lib/say.mjs'

const packages = ['cockpit-ws', 'cockpit-bridge', 'cockpit-system', 'cockpit-machines']
const folder = join(ownDir, 'bench', 'peers')

/**
 * Fetches Cockpit from Debian, with what it needs and this machine lacks, and unpacks it into a folder of the bench.
 * It is not installed: no service is set up, and nobody's port 9090 opens. Gives the folder of its `usr`, which the
 * namespaces of the bench lay over theirs, or why there is none. What was fetched is kept for the next run.
 */
export async function fetchPeers() {
  const archives = join(folder, 'archives')
  const usr = join(folder, 'usr')
  if (!hasApt()) return { reason: 'this machine has no apt' }
  try {
    mkdirSync(join(archives, 'partial'), { recursive: true })
    if (readdirSync(archives).filter((name) => name.endsWith('.deb')).length === 0) {
      say(`For the peer beside it the bench fetches from Debian, into ${folder} and nowhere else: ${packages.join(' ')}`)
      await step('Fetching Cockpit', async () => {
        await refreshLists([])
        const fetching = ['install', '--yes', '--download-only', '--no-install-recommends', '-o', `Dir::Cache::archives=${archives}`]
        await logged(['apt-get', ...fetching, ...packages], { log: 'bench-peers' })
      })
    }
    rmSync(usr, { recursive: true, force: true })
    const unpacked = join(folder, 'unpacked')
    for (const name of readdirSync(archives).filter((one) => one.endsWith('.deb')))
      await logged(['dpkg-deb', '-x', join(archives, name), unpacked], { log: 'bench-peers' })
    // Debian's /lib is /usr/lib by now, and packages of Debian 12 may still say /lib.
    await logged(['cp', '-a', join(unpacked, 'usr'), usr], { log: 'bench-peers' })
    if (readdirSync(unpacked).includes('lib')) await logged(['cp', '-a', `${unpacked}/lib/.`, `${usr}/lib/`], { log: 'bench-peers' })
    rmSync(unpacked, { recursive: true, force: true })
    return { usr }
  } catch (error) {
    return { reason: `it could not be fetched: ${error.message}` }
  }
}
