import type { Argv, Expectation, Plan } from '@/server/model/plan'
import { handle, locks, onDomain, type Planning, refuse } from './planning'
import type { Read } from './reader'

type PowerKind = 'start' | 'stop' | 'kill' | 'restart' | 'pause' | 'resume'

/** How long a guest may take to shut itself down; a big server under emulation needs minutes. */
const stopWithinMs = 180_000

/** Start, stop, kill, restart, pause and resume. https://libvirt.org/manpages/virsh.html */
export function planPower(p: Planning, kind: PowerKind, { domain, guest }: Read): Plan {
  const name = domain.name
  const one = (title: string, argv: Argv, expect: Expectation, extra: Partial<Plan> = {}): Plan => ({
    steps: [{ title, argv, timeoutMs: 120_000 }],
    expect,
    warnings: [],
    locks: locks(name),
    ...extra,
  })
  const becomes = (...states: (typeof guest.state)[]): Expectation => ({ kind: 'guest', name, states })
  const gone: Expectation = guest.persistent ? becomes('stopped') : { kind: 'absent', name }
  if (guest.state === 'paused' && kind === 'stop') refuse('It is paused and cannot react: resume it first')
  switch (kind) {
    case 'start':
      return one('Start the VM', onDomain(p, 'start', domain), becomes('running'), { warnings: startWarnings(p, domain.type, guest.arch) })
    case 'stop':
      return one('Ask it to shut down', onDomain(p, 'shutdown', domain), gone, {
        expectWithinMs: stopWithinMs,
        repeatLastMs: 5000,
        warnings: ['The VM is asked over ACPI and may ignore it; Kill ends it at once'],
      })
    case 'kill':
      return one('End its process', onDomain(p, 'destroy', domain), gone, { warnings: ['Like pulling the plug: unwritten data is lost'] })
    case 'restart':
      return one('Ask it to restart', onDomain(p, 'reboot', domain), becomes('running'), {
        warnings: ['The VM is asked over ACPI and may ignore it'],
      })
    case 'pause':
      return { ...one('Freeze it', onDomain(p, 'suspend', domain), becomes('paused')) }
    case 'resume':
      return one('Let it go on', ['virsh', '-q', '-c', p.uri, 'resume', '--domain', handle(domain)], becomes('running'))
  }
}

function startWarnings(p: Planning, type: string, arch: string | undefined): string[] {
  if (type !== 'kvm') return []
  const support = p.info.arches.find((a) => a.arch === arch)
  return support && support.accel !== 'kvm' ? [`It is defined for KVM, which may hang here. ${support.why}`] : []
}
