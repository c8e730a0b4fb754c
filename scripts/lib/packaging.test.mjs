import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { doasRule, sudoRule } from '@/server/engines/cbsd/probe'
import { inClone } from './paths.mjs'

const read = (name) => readFileSync(inClone('packaging', name), 'utf8')

it('the sample rules are those that the Hosts page names', () => {
  expect(read('sudoers.d/bailiwick').split('\n')).toContain(sudoRule('bailiwick'))
  expect(read('doas.conf').split('\n')).toContain(doasRule('bailiwick'))
})

it('the rc.d script is one that sh reads, with what rcorder and service(8) look for', () => {
  expect(spawnSync('sh', ['-n', inClone('packaging/rc.d/bailiwick')], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  const text = read('rc.d/bailiwick')
  for (const line of ['# PROVIDE: bailiwick', '# KEYWORD: shutdown', '. /etc/rc.subr', 'rcvar="bailiwick_enable"', 'run_rc_command "$1"'])
    expect(text.split('\n')).toContain(line)
})

it('the unit starts what the archive holds, and as long as a stop may take', () => {
  const unit = read('systemd/bailiwick.service')
  expect(unit).toContain('ExecStart=/opt/bailiwick/bin/bailiwick serve')
  // The server waits at most 15 s for jobs to undo what they began.
  expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeGreaterThan(15)
})
