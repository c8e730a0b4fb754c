import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inClone, root } from './paths.mjs'
import { capture } from './run.mjs'
import { more, say } from './say.mjs'
import { which } from './system.mjs'

const makeHost = inClone('e2e/hosts/make-host.sh')

/** What the stand-in is made of, and the Debian packages that have it. */
const parts = { sqlite3: 'sqlite3', tmux: 'tmux', column: 'bsdextrautils', busybox: 'busybox-static', nsenter: 'util-linux' }

/** Accounts for the use of its guests until the host is ended, as CBSD's own daemons do. */
function account(become, workdir) {
  const [program, ...args] = [...become, '/bin/sh', inClone('e2e/hosts/racct-statsd.sh'), workdir]
  const daemon = spawn(program, args, { stdio: 'ignore' })
  daemon.on('error', (error) => say(`Guests of the stand-in have no figures: ${error.message}`))
  daemon.unref()
}

/**
 * A stand-in for CBSD, for people without FreeBSD: a program that keeps CBSD's files and speaks its command line, with guests
 * that are real processes. Returns null, and says why, where it cannot be. `given` is the server's environment, `become` what
 * makes its commands root's, as the server is.
 */
export async function prepareCbsd(given, become = []) {
  const absent = Object.entries(parts).filter(([program]) => !which(program))
  if (absent.length > 0) {
    const [programs, names] = [absent.map(([program]) => program), absent.map(([, name]) => name)]
    say(`No CBSD stand-in: ${programs.join(', ')} missing. apt-get install ${names.join(' ')}`)
    return null
  }
  const data = resolve(root, given.BAILIWICK_DATA ?? '.bailiwick')
  const workdir = join(data, 'cbsd')
  const run = (...args) => capture([...become, '/bin/sh', makeHost, ...args], { timeoutMs: 60_000 })
  if (!existsSync(join(workdir, 'var/db/local.sqlite'))) {
    // The image may come later: a VM looks when it starts, and is a shell without it.
    const tiny = join(given.BAILIWICK_STORE ?? join(data, 'store'), 'images/tiny-linux-x86_64')
    await run(workdir, '--node', 'stand-in.my.domain', '--kernel', join(tiny, 'vmlinuz'), '--initrd', join(tiny, 'initrd.gz'))
  }
  say(`This machine plays a CBSD host in ${workdir}: a stand-in, not CBSD.`)
  more('Jails are BusyBox in namespaces, VMs are Tiny Linux in QEMU; downloads, packet filters and ZFS are only acted.')
  if (process.getuid?.() !== 0 && become.length === 0) more('Its guests start for root only. Everything else can be tried.')
  account(become, workdir)
  const path = [join(workdir, 'bin'), given.BAILIWICK_PATH].filter(Boolean).join(':')
  return {
    /** What the server is told of it. */
    env: { BAILIWICK_PATH: path, BAILIWICK_CBSD_WORKDIR: workdir },
    /** Ends its guests; what they are stays in its files. */
    end: () => run('--end', workdir),
  }
}
