import { AppError } from './errors'
import type { Exec } from './exec/types'
import type { AcceleratorEvidence } from './model/capability'
import type { Host } from './model/host'
import { type Job, type JobSummary, testKind } from './model/job'
import type { Argv, Plan } from './model/plan'
import type { Hosts, Images, Inventory, Jobs, User } from './services'

/** What the tiny kernel's init prints before it powers off, when `bailiwick.selftest` is on its command line. */
const marker = 'bailiwick-tiny ready'

/** A kernel that runs under KVM prints within a second; one that hangs never does. */
const withinSeconds = 10

const qemu = 'qemu-system-x86_64'

/** A KVM that hangs (124, 137), crashes QEMU (128 + signal) or is refused (1, 66) is a finding, not a failed job. */
const findings = [0, 1, 66, 124, 134, 135, 137, 139]

/** Boots a kernel under KVM, with the processor model that VMs get then, and nothing else: no disk, no network, no screen. */
export function testArgv(kernel: string, initrd: string): Argv {
  return [
    // Only one test at a time, and the death of QEMU by a signal as an exit code: `timeout` alone dies with it.
    ...(['flock', '/dev/kvm'] as const),
    'timeout',
    '--kill-after=2',
    String(withinSeconds),
    qemu,
    ...['-accel', 'kvm', '-cpu', 'host', '-machine', 'q35', '-m', '192', '-smp', '1'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
    ...['-kernel', kernel, '-initrd', initrd, '-append', 'console=ttyS0 panic=-1 bailiwick.selftest'],
  ]
}

/** What the test's output says. `seconds`: how long QEMU ran. */
export function readEvidence(
  step: Pick<Job['steps'][number], 'exitCode' | 'stdoutTail' | 'stderrTail' | 'seconds'>,
): Pick<AcceleratorEvidence, 'kvm' | 'why'> {
  const seconds = step.seconds ?? 0
  if (step.stdoutTail?.includes(marker)) return { kvm: 'boots', why: `a kernel booted in ${seconds.toFixed(1)} s` }
  const lines = (step.stderrTail ?? '')
    .split('\n')
    .map((line) => line.replace(/^qemu-system-x86_64: /, '').trim())
    .filter(Boolean)
  // An abort says its cause first and the failed assertion last.
  const said = (lines.find((line) => line.startsWith('error: ')) ?? lines.at(-1))?.replace(/^error: /, '')
  if (step.exitCode === 124 || step.exitCode === 137) {
    const output = step.stdoutTail?.trim() ? 'the kernel started and did not get through' : 'no output'
    return { kvm: 'fails', why: `${output} within ${withinSeconds} s` }
  }
  if (said) return { kvm: 'fails', why: `QEMU ended: ${said.slice(0, 200)}` }
  return { kvm: 'fails', why: `QEMU ended with code ${step.exitCode ?? 'none'} before the kernel was up` }
}

type Parts = { inventory: Inventory; jobs: Jobs; hosts: Hosts; images: Images }

export type Accelerator = {
  /** Starts the test as a job. Rejects with `refused` when this host cannot be tested, in words. */
  test(host: string, user: User): Promise<JobSummary>
  /** Tests when nothing is known yet, or kernel or QEMU changed since. Resolves to the job, or null when there is nothing to do. */
  testIfNeeded(host: string, user: User): Promise<JobSummary | null>
}

/** Versions now, as evidence keeps them: "6.1.0-13-amd64" and "7.2.22". Null when QEMU is not installed. */
async function versions(exec: Exec): Promise<{ kernel: string; qemu: string } | null> {
  const kernel = (await exec.read(['uname', '-r'])).trim()
  const said = await exec.read([qemu, '--version']).catch(() => null)
  const found = /version (\d+(?:\.\d+)+)/.exec(said ?? '')?.[1]
  return found ? { kernel, qemu: found } : null
}

/** Finds out by trial whether KVM works on a host, and keeps what was seen with the host. */
export function createAccelerator({ inventory, jobs, hosts, images }: Parts): Accelerator {
  async function stored(id: string): Promise<Host> {
    const host = (await hosts.list()).find((h) => h.id === id)
    if (!host) throw new AppError('not-found', 'There is no such host', 'id')
    return host
  }

  async function keep(id: string, evidence: AcceleratorEvidence): Promise<void> {
    const host = { ...(await stored(id)), accelerator: evidence }
    await hosts.save(host)
    await inventory.updateHost(host)
  }

  async function test(id: string, user: User): Promise<JobSummary> {
    const exec = inventory.exec(id)
    await stored(id)
    const arch = (await exec.read(['uname', '-m'])).trim()
    if (arch !== 'x86_64') throw new AppError('refused', `The test boots an x86_64 kernel and this host is ${arch}`)
    const now = await versions(exec)
    if (!now) throw new AppError('refused', `${qemu} is not installed: sudo apt-get install qemu-system-x86`)
    const device = await exec.stat('/dev/kvm')
    const { kernel, initrd } = images.list(id).find((i) => i.id === 'tiny-linux-x86_64')?.files ?? {}
    if (device && !(kernel && initrd))
      throw new AppError('refused', 'The test needs the image Tiny Linux for x86_64: make it on the Images page')
    const argv: Argv = device && kernel && initrd ? testArgv(kernel, initrd) : ['test', '-e', '/dev/kvm']
    const plan: Plan = {
      steps: [
        {
          title: device ? `Boot a kernel under KVM, at most ${withinSeconds} s` : 'Look for /dev/kvm',
          argv,
          okCodes: findings,
          timeoutMs: (withinSeconds + 10) * 1000,
        },
      ],
      expect: { kind: 'none' },
      warnings: [],
      locks: ['accelerator'],
    }
    const evidence = ({ state, steps: [step] }: Job): ReturnType<typeof readEvidence> | null => {
      if (state !== 'done' || !step) return null
      return device ? readEvidence(step) : { kvm: 'absent', why: '/dev/kvm is missing' }
    }
    return jobs.submit({
      title: 'Test KVM',
      kind: testKind,
      host: id,
      user,
      plan,
      async after(job) {
        const seen = evidence(job)
        if (seen) await keep(id, { ...seen, ...now, testedAt: Date.now() })
      },
      // The test has done what it should; what it found must not read as if all were well.
      finding(job) {
        const seen = evidence(job)
        return seen && seen.kvm !== 'boots' ? `KVM cannot be used on this host: ${seen.why}. VMs are emulated.` : undefined
      },
    })
  }

  return {
    test,
    async testIfNeeded(id, user) {
      const { accelerator: known } = await stored(id)
      const now = await versions(inventory.exec(id))
      if (!now || (known && known.kernel === now.kernel && known.qemu === now.qemu)) return null
      return test(id, user)
    },
  }
}
