import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Exec } from '@/server/exec/types'
import type { Argv } from '@/server/model/plan'
import type { Program } from './client'

const inittab = ['::sysinit:/bin/hostname -F /etc/hostname', 'console::respawn:-/bin/sh', '::restart:/sbin/init', ''].join('\n')
const applets = `sh cat echo sync hostname mount umount poweroff reboot true sleep uname
  ls find stat head tail wc mv rm ln df chown chmod mkdir id`.split(/\s+/)

const metadata = (arch: string): string =>
  [`architecture: ${arch}`, 'creation_date: 1700000000', 'properties:', '  description: BusyBox for tests', '  os: busybox', ''].join('\n')

/** For tests: the program whose daemon answers here, as the engine itself chooses it. */
export async function testProgram(exec: Exec): Promise<Program> {
  for (const program of ['incus', 'lxc'] satisfies Program[]) {
    const answer = await exec.run([program, 'query', '/1.0']).catch(() => null)
    if (answer?.code === 0) return program
  }
  throw new Error('Neither Incus nor LXD answers here')
}

/**
 * For tests: imports a container image of nothing but the host's static BusyBox, in well under a second.
 * Needs Debian's busybox-static. Returns what removes it again.
 */
export async function importBusybox(exec: Exec, alias: string): Promise<() => Promise<void>> {
  const must = async (argv: Argv) => {
    const result = await exec.run(argv)
    if (result.code !== 0) throw new Error(`${argv.join(' ')}: ${result.stderr}`)
    return result.stdout.trim()
  }
  const program = await testProgram(exec)
  const remove = async () => {
    await exec.run([program, 'image', 'delete', alias])
  }
  await remove()
  const dir = await mkdtemp(join(tmpdir(), 'busybox-image-'))
  try {
    const tree = join(dir, 'rootfs')
    for (const each of ['bin', 'sbin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'root', 'run'])
      await mkdir(join(tree, each), { recursive: true })
    await must(['cp', '/bin/busybox', join(tree, 'bin/busybox')])
    for (const applet of applets) await symlink('busybox', join(tree, 'bin', applet))
    await symlink('../bin/busybox', join(tree, 'sbin/init'))
    await writeFile(join(tree, 'etc/inittab'), inittab)
    await writeFile(join(tree, 'etc/hostname'), 'container\n')
    await writeFile(join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
    await writeFile(join(tree, 'etc/group'), 'root:x:0:\n')
    await writeFile(join(dir, 'metadata.yaml'), metadata(await must(['uname', '-m'])))
    await must(['tar', '-C', dir, '--owner=0', '--group=0', '-cf', join(dir, 'image.tar'), 'metadata.yaml', 'rootfs'])
    await must([program, 'image', 'import', join(dir, 'image.tar'), '--alias', alias])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
  return remove
}
