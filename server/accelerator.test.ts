import { describe, expect, test } from 'vitest'
import { readEvidence, testArgv } from './accelerator'

describe('what a self-test under KVM says', () => {
  test('a kernel that printed its line boots, whatever QEMU did then', () => {
    const step = {
      exitCode: 0,
      stdoutTail: 'Linux version 6.1\r\nbailiwick-tiny ready: self-test\r\nreboot: Power down\r\n',
      seconds: 0.93,
    }
    expect(readEvidence(step)).toEqual({ kvm: 'boots', why: 'a kernel booted in 0.9 s' })
  })

  test('silence until the limit', () => {
    const stderrTail = 'qemu-system-x86_64: terminating on signal 15 from pid 28720 (timeout)\n'
    expect(readEvidence({ exitCode: 124, stdoutTail: '', stderrTail, seconds: 10 })).toEqual({ kvm: 'fails', why: 'no output within 10 s' })
    expect(readEvidence({ exitCode: 137, stdoutTail: 'Decompressing Linux...', seconds: 12 }).why).toMatch(/did not get through/)
  })

  test('an abort gives its cause, not the assertion after it', () => {
    const stderrTail =
      "qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69\nqemu-system-x86_64: kvm.c:3183: kvm_buf_set_msrs: Assertion `ret' failed.\n"
    expect(readEvidence({ exitCode: 134, stdoutTail: '', stderrTail, seconds: 0.1 })).toEqual({
      kvm: 'fails',
      why: 'QEMU ended: failed to set MSR 0x10a to 0x69',
    })
  })

  test('a device that may not be opened', () => {
    const stderrTail = 'flock: cannot open lock file /dev/kvm: Permission denied\n'
    expect(readEvidence({ exitCode: 66, stderrTail, seconds: 0 })).toMatchObject({
      kvm: 'fails',
      why: expect.stringContaining('Permission denied'),
    })
  })
})

test('the self-test runs under KVM, is bounded in time and holds no shell', () => {
  const argv = testArgv('/i/vmlinuz; x', '/i/initrd')
  expect(argv.slice(0, 5)).toEqual(['flock', '/dev/kvm', 'timeout', '--kill-after=2', '10'])
  expect(argv[argv.indexOf('-accel') + 1]).toBe('kvm')
  expect(argv[argv.indexOf('-kernel') + 1]).toBe('/i/vmlinuz; x')
  expect(argv.at(-1)).toContain('bailiwick.selftest')
})
