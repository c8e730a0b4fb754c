import type { AcceleratorEvidence, EngineStatus } from './capability'

/** Whose key opens the door: one that Bailiwick made, the keys of a running agent, or a file on the dashboard's machine. */
export type SshKey = { kind: 'own' } | { kind: 'agent' } | { kind: 'file'; path: string }

/** How a host is reached over ssh. */
export type Ssh = {
  /** Name or address; never starts with `-`. */
  address: string
  port: number
  user: string
  key: SshKey
  /** The pinned public key of the host: "ssh-ed25519 AAAA…". Another one is refused. */
  hostKey: string
}

/** How commands that need root get it. */
export const becomes = ['none', 'sudo', 'doas'] as const
export type Become = (typeof becomes)[number]

/** A machine that runs guests, as stored. */
export type Host = {
  id: string
  name: string
  transport: 'local' | 'ssh'
  /** Present when `transport` is ssh; absent then, what was stored cannot be read, and the host cannot be reached. */
  ssh?: Ssh
  /** Absent: none. */
  become?: Become
  /** virsh -c URI. `qemu:///system` unless somebody says otherwise; '' switches libvirt off on this host. */
  libvirtUri: string
  /** INCUS_DIR / LXD_DIR of the daemon; absent: the program's own default; '' switches Incus off on this host. */
  incusDir?: string
  /** CBSD's working directory; absent: what /etc/rc.conf says, else /usr/jails; '' switches CBSD off on this host. */
  cbsdWorkdir?: string
  accelerator?: AcceleratorEvidence
}

/** What a person decides about a host. */
export type HostSettings = Omit<Host, 'id' | 'accelerator'>

/** A public key that a machine shows. `fingerprint`: "SHA256:…", as ssh-keygen -l prints it. */
export type HostKey = { type: string; fingerprint: string; hostKey: string }

/** What a trial of a host's settings found, in the order in which it looked. */
export type HostFinding = {
  /** What was looked at: "Reach it", "libvirt". */
  title: string
  /** `absent`: not there, which may be as wanted. */
  state: 'ok' | 'absent' | 'failed'
  words: string
  /** The command, or the line of a file, that mends it. */
  remedy?: string
  /** The input at fault, where one is. */
  field?: string
}

export type HostFigures = {
  cpus: number
  /** 0..1 of all processors */
  cpu: number
  memoryBytes: number
  memoryUsedBytes: number
  diskFreeBytes?: number
  diskBytes?: number
  load1: number
}

/** A host as pages see it. */
export type HostView = Host & {
  state: 'connecting' | 'up' | 'down'
  /** Why it is down. */
  cause?: string
  /** When it last answered, ms since 1970. Only while it is down. */
  seenAt?: number
  /** Of the pinned key: "SHA256:…". */
  fingerprint?: string
  /** It shows another key than the one that was confirmed: it is not spoken to until somebody has compared them. */
  keyChanged?: boolean
  /** As uname(1) calls it: "Linux", "FreeBSD". */
  system?: string
  kernel?: string
  os?: string
  arch?: string
  engines: EngineStatus[]
  cpus?: number
  memoryBytes?: number
}
