import { parseAlive } from './alive'
import { toFound } from './guest'
import { parseOutput } from './output'
import type { Found, Node } from './types'

/** For tests: a node on FreeBSD and ZFS, without accounting. */
export const aNode: Node = {
  workdir: '/usr/jails',
  nodename: 'node1.my.domain',
  version: '14.1.3a',
  platform: 'FreeBSD',
  root: true,
  zfs: true,
  racct: false,
  local: { ncpu: 4, physmem: 8 * 2 ** 30, hostarch: 'amd64', osrelease: '14.1-RELEASE-p5' },
}

/** For tests: the guest of that row on that node. `output`: what the scripts print of what is alive. */
export const foundOf = (
  row: Record<string, string | number>,
  more: Partial<Parameters<typeof toFound>[3]> = {},
  output = '',
): Found | null =>
  toFound(
    aNode,
    'h',
    String(row.jname),
    { row, disks: [], limits: {}, ...more },
    parseAlive(parseOutput(output)),
    (_, age) => 1_000_000 - age,
  )
