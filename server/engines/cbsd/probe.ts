import { ExecError } from '@/server/exec/error'
import type { Allowed, EngineInfo, EngineStatus } from '@/server/model/capability'
import type { Host } from '@/server/model/host'
import { type OperationKind, operation } from '@/server/model/operation'
import type { EngineContext } from '../types'
import type { Caller } from './argv'
import { asRootQuestion, question } from './ask'
import { hostArch } from './guest'
import { guestRules, keepsNoDisks, limitsOff } from './guest-rules'
import { type Output, parseOutput } from './output'
import { parseCapabilities } from './profiles'
import { toNode, toParts } from './read'
import { readProbe } from './scripts'
import type { Node } from './types'

const kind = 'cbsd'
const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** The rules that let a user who is not root change guests. They are packaging/sudoers.d and packaging/doas.conf, too. */
export const sudoRule = (user: string) =>
  `${user} ALL=(root) NOPASSWD:SETENV: /usr/local/bin/cbsd, NOPASSWD: /usr/local/bin/tmux, /usr/sbin/jexec, /bin/rm, /bin/cp, /bin/mv, /bin/chmod, /bin/kill, /usr/bin/tee`
export const doasRule = (user: string) => `permit nopass setenv { NOINTER NOCOLOR ALWAYS_YES workdir TERM } ${user} as root`

/** Every operation changes the host: without root none works. */
const changing: readonly OperationKind[] = operation.options.map((each) => each.shape.kind.value)

/** Whether commands run as root, else why not and what mends it. */
async function rights(caller: Caller, facts: Map<string, string>, root: boolean, signal: AbortSignal): Promise<Allowed> {
  const { become, exec } = caller.context
  const user = facts.get('user') ?? 'USER'
  if (become === 'none')
    return root || `CBSD changes guests only as root, and this is ${user}: set this host to sudo or doas, with the rules of docs/engines.md`
  const tried = await exec.run(asRootQuestion(caller, 'version'), { signal, timeoutMs: 20_000 }).catch(words)
  if (typeof tried !== 'string' && tried.code === 0) return true
  const said = typeof tried === 'string' ? tried : (tried.stderr.trim() || tried.stdout.trim()).split('\n').at(-1)
  const rule = become === 'sudo' ? `sudoers: ${sudoRule(user)}` : `doas.conf: ${doasRule(user)}`
  return `${become} does not let ${user} run cbsd (${said}). Put this into ${rule}`
}

/** What CBSD cannot do on this host at all. What depends on the guest is decided while planning. */
export function operationsOf(
  node: Node,
  allowed: Allowed,
  checkpoint: boolean,
  can: ReadonlyMap<string, boolean>,
): EngineInfo['operations'] {
  if (allowed !== true) return Object.fromEntries(changing.map((each) => [each, allowed]))
  const operations: EngineInfo['operations'] = {}
  if (!checkpoint) {
    const why = can.get('bhyve')
      ? 'This bhyve was built without BHYVE_SNAPSHOT, so a running VM cannot be stored'
      : 'Only bhyve can store a running VM, and this host has none'
    operations['checkpoint.create'] = why
    operations['checkpoint.remove'] = why
  }
  if (!node.zfs) {
    const why = 'Snapshots need ZFS, and CBSD lies on another file system here'
    operations['snapshot.create'] = why
    operations['snapshot.restore'] = why
    operations['snapshot.remove'] = why
    operations['disk.grow'] = 'CBSD grows disks only on ZFS, and lies on another file system here'
  }
  if (!node.racct) operations.limits = limitsOff
  if (!can.get('bhyve')) {
    operations.pause = 'CBSD can pause only bhyve VMs, and this host has no bhyve'
    operations.resume = operations.pause
  }
  return operations
}

function toInfo(output: Output, node: Node, allowed: Allowed, can: ReadonlyMap<string, boolean>): EngineInfo {
  const facts = output.facts('probe')
  const hypervisors = ['bhyve', 'qemu', 'xen', 'virtualbox'].filter((name) => can.get(name))
  const arch = hostArch(node)
  return {
    kind,
    name: 'CBSD',
    version: node.version,
    details: [
      ['Folder', node.workdir],
      ['Node', node.nodename],
      ['Runs', ['jail', ...hypervisors].filter((name) => can.get(name)).join(', ') || 'nothing'],
      ['File system', node.zfs ? 'ZFS' : 'not ZFS'],
      ...(allowed === true ? [] : [['Changes', allowed] satisfies [string, string]]),
    ],
    guestTypes: {
      jail: can.get('jail') || 'CBSD finds no jails on this system',
      vm:
        can.get('bhyve') ||
        can.get('qemu') ||
        'CBSD finds no hypervisor: load vmm for bhyve (kldload vmm), or install QEMU (pkg install qemu)',
    },
    arches: arch
      ? [{ arch, accel: 'native', why: 'Jails share the kernel; bhyve uses the processor’s own virtualisation, QEMU what it finds' }]
      : [],
    operations: operationsOf(node, allowed, facts.get('checkpoint') === '1', can),
    rules: guestRules,
    keepsDisks: keepsNoDisks,
    names: { pattern: '^[a-z][a-z0-9_]{0,29}$', words: 'Only a–z, 0–9 and _, at most 30 characters' },
  }
}

/** Reads whether CBSD is here, whether we may read it and change with it, and what it can run. Never rejects. */
export async function probe(host: Host, context: EngineContext, signal: AbortSignal): Promise<EngineStatus> {
  if (host.cbsdWorkdir === '') return { kind, state: 'absent', cause: 'Switched off for this host' }
  const broken = (cause: string, remedy?: string): EngineStatus => ({ kind, state: 'broken', cause, remedy })
  const caller: Caller = { host, context }
  let output: Output
  try {
    const argv = ['/bin/sh', '-s', '--', host.cbsdWorkdir ?? '', ''] as const
    output = parseOutput(await context.exec.read(argv, { stdin: readProbe, signal, timeoutMs: 30_000 }))
  } catch (error) {
    return broken(words(error))
  }
  const facts = output.facts('probe')
  const user = facts.get('user') ?? 'USER'
  if (!facts.get('cbsd')) {
    const remedy = facts.get('kernel') === 'FreeBSD' ? 'pkg install cbsd' : undefined
    return { kind, state: 'absent', cause: 'cbsd is not installed, or not in the PATH of this user', remedy }
  }
  if (output.fault) return broken(output.fault.cause, output.fault.remedy?.replace('USER', user))
  if (facts.get('runs') !== '1')
    return broken(
      `${user} may not run ${facts.get('cbsd')}: only root and group cbsd may`,
      `sudo pw groupmod cbsd -m ${user} && echo "Now sign in again"`,
    )
  try {
    const node = toNode(toParts(output).local, output.facts('host'))
    const can = await context.exec.read(question(caller, 'capabilities'), { signal }).then(parseCapabilities)
    const version = node.version || (await context.exec.read(question(caller, 'version'), { signal })).trim().split('\n').at(-1) || '?'
    const allowed = await rights(caller, facts, node.root, signal)
    return { kind, state: 'ready', info: toInfo(output, { ...node, version }, allowed, can) }
  } catch (error) {
    const missing = error instanceof ExecError && error.exitCode === 126
    return broken(words(error), missing ? `sudo pw groupmod cbsd -m ${user} && echo "Now sign in again"` : undefined)
  }
}
