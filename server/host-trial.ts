import type { Logger } from 'pino'
import { doasRule, sudoRule } from './engines/cbsd/probe'
import { AppError } from './errors'
import { ExecError } from './exec/error'
import type { Exec } from './exec/types'
import { readFacts } from './inventory/facts'
import { knock } from './knock'
import type { EngineStatus } from './model/capability'
import type { Host, HostFinding, HostSettings } from './model/host'
import type { HostTrial } from './services'
import type { SshKeys } from './ssh-keys'

type Parts = {
  keys: Pick<SshKeys, 'publicKey' | 'scan'>
  makeExec: (host: Host) => Exec
  /** Looks for one engine, or rejects; one after the other in the order of the list. */
  probes: ((host: Host, exec: Exec) => Promise<EngineStatus>)[]
  log: Pick<Logger, 'debug'>
}

const titles = { libvirt: 'libvirt', incus: 'Incus', cbsd: 'CBSD' } as const
const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** Whether an engine was asked for: an empty address or folder switches it off. */
const wanted = (host: HostSettings, kind: EngineStatus['kind']): boolean =>
  ({ libvirt: host.libvirtUri, incus: host.incusDir, cbsd: host.cbsdWorkdir })[kind] !== ''

function engineFinding(status: EngineStatus): HostFinding {
  const title = titles[status.kind]
  if (status.state !== 'ready')
    return { title, state: status.state === 'absent' ? 'absent' : 'failed', words: status.cause, remedy: status.remedy }
  const { name, version, missing } = status.info
  if (missing) return { title, state: 'failed', words: `${name} ${version}. ${missing.words}`, remedy: missing.remedy }
  return { title, state: 'ok', words: `${name} ${version}` }
}

/** Lines for sudoers(5) and doas.conf(5): CBSD is what changes guests as root. */
const rules = { sudo: sudoRule, doas: doasRule }

/** Whether commands may be run as root without a password. `sudo -l` runs nothing; doas(1) tells only by running something. */
async function becomeFinding(host: HostSettings, exec: Exec): Promise<HostFinding | null> {
  const { become = 'none' } = host
  if (become === 'none') return null
  const user = (await exec.read(['id', '-un'])).trim()
  const title = `Root by ${become}`
  if (user === 'root') return { title, state: 'ok', words: `It is root already: ${become} is not needed`, field: 'become' }
  try {
    const result = await exec.run(become === 'sudo' ? ['sudo', '-n', '-l'] : ['doas', '-n', 'cbsd', 'version'], { timeoutMs: 15_000 })
    if (result.code === 0) return { title, state: 'ok', words: `${user} may use ${become} without a password` }
    const said = (result.stderr.trim() || result.stdout.trim()).split('\n').at(-1) ?? ''
    return {
      title,
      state: 'failed',
      words: said || `${become} ended with code ${result.code}`,
      remedy: rules[become](user),
      field: 'become',
    }
  } catch (error) {
    return { title, state: 'failed', words: words(error), field: 'become' }
  }
}

/** Tries hosts out before they are stored. */
export function createHostTrial({ keys, makeExec, probes, log }: Parts): HostTrial {
  async function reach(host: Host, exec: Exec): Promise<HostFinding> {
    const title = 'Reach it'
    try {
      const facts = await readFacts(exec)
      const about = [facts.os, facts.kernel, facts.arch].filter(Boolean).join(', ')
      return { title, state: 'ok', words: host.ssh ? `Signed in as ${host.ssh.user}: ${about}` : about }
    } catch (error) {
      const said = words(error)
      if (!host.ssh) return { title, state: 'failed', words: said }
      const denied = /does not let .* in with this key/.test(said)
      return {
        title,
        state: 'failed',
        words: said,
        remedy: denied && host.ssh.key.kind === 'own' ? await keys.publicKey() : undefined,
        field: denied ? 'ssh.key' : error instanceof ExecError && error.reason === 'connect' ? 'ssh.address' : undefined,
      }
    }
  }

  return {
    publicKey: keys.publicKey,
    async scan(address, port) {
      await knock(address, port)
      return (await keys.scan(address, port)).map(({ kind, key, fingerprint }) => ({ type: kind, hostKey: key, fingerprint }))
    },
    async test(settings) {
      const host: Host = { id: 'trial', ...settings }
      // Without it the way in would fail for another reason than the one that counts.
      if (host.ssh?.key.kind === 'own') await keys.publicKey()
      const exec = makeExec(host)
      try {
        const first = await reach(host, exec)
        if (first.state === 'failed') return [first]
        const [become, ...found] = await Promise.all([becomeFinding(host, exec), ...probes.map((probe) => probe(host, exec))])
        const engines = found.filter(({ kind }) => wanted(host, kind)).map(engineFinding)
        if (engines.length === 0) throw new AppError('invalid', 'Leave at least one engine to look for', 'libvirtUri')
        return [first, ...(become ? [become] : []), ...engines]
      } finally {
        // Its own way in ends here; the answer does not wait for that.
        void exec.close().catch((error: unknown) => log.debug({ cause: words(error) }, 'a trial did not end cleanly'))
      }
    },
  }
}
