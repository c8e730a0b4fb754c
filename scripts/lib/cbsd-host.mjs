import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inClone, root } from './paths.mjs'
import { capture } from './run.mjs'
import { more, say } from './say.mjs'
import { which } from './system.mjs'

const makeHost = inClone('e2e/hosts/make-host.sh')

/** What the stand-in is made of, and the Debian packages that have it. */
const parts = { sqlite3: 'sqlite3', tmux: 'tmux', column: 'bsdextrautils', busybox: 'busybox-static', nsenter: 'util-linux' }

/**
 * A stand-in for CBSD, for people without FreeBSD: a program that keeps CBSD's files and speaks its command line, with guests
 * that are real processes. `env` is what the server is told of it. Returns null, and says why, where it cannot be. `given` is the server's environment.
 */
export async function prepareCbsd(given) {
  const absent = Object.entries(parts).filter(([program]) => !which(program))
  if (absent.length > 0) {
    say(
      `No CBSD stand-in: ${absent.map(([program]) => program).join(', ')} missing. apt-get install ${absent.map(([, name]) => name).join(' ')}`,
    )
    return null
  }
  const data = resolve(root, given.BAILIWICK_DATA ?? '.bailiwick')
  const workdir = join(data, 'cbsd')
  if (!existsSync(join(workdir, 'var/db/local.sqlite'))) {
    // The image may come later: a VM looks when it starts, and is a shell without it.
    const tiny = join(given.BAILIWICK_STORE ?? join(data, 'store'), 'images/tiny-linux-x86_64')
    const kernel = ['--kernel', join(tiny, 'vmlinuz'), '--initrd', join(tiny, 'initrd.gz')]
    await capture(['/bin/sh', makeHost, workdir, ...kernel], { timeoutMs: 60_000 })
  }
  say(`This machine plays a CBSD host in ${workdir}: a stand-in, not CBSD.`)
  more('Jails are BusyBox in namespaces, VMs are Tiny Linux in QEMU; downloads, packet filters and ZFS are only acted.')
  if (process.getuid?.() !== 0) more('Its guests start for root only. Everything else can be tried.')
  const path = [join(workdir, 'bin'), given.BAILIWICK_PATH].filter(Boolean).join(':')
  return {
    env: { BAILIWICK_PATH: path, BAILIWICK_CBSD_WORKDIR: workdir },
    /** Ends its guests; what they are stays in its files. */
    end: () => capture(['/bin/sh', makeHost, '--end', workdir], { timeoutMs: 60_000 }),
  }
}
