import type { Output } from './output'

/** A process that is a VM. */
export type Machine = {
  pid: number
  /** Seconds since it began. */
  age: number
  /** Held by a signal: paused. */
  held: boolean
  memoryBytes: number
  /** Processor time used, in ns. */
  cpuNs: number
  args: string
}

export type Alive = {
  /** Jail ids by name. */
  jails: Map<string, number>
  /** The process of a VM, where it runs. */
  machine(name: string, engine: string): Machine | undefined
  /** Processes of others are hidden from us; the names of those bhyves that the kernel holds all the same. */
  hidden: ReadonlySet<string> | null
}

/** ps(1)'s processor time: "12:34.56" on FreeBSD, "1-02:03:04" on Linux. In ns. */
export function cpuTime(text: string): number {
  const [, days = '0', clock = '0'] = /^(?:(\d+)-)?([\d:.]+)$/.exec(text) ?? []
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1e9)
}

/** Reads the sections of running jails and processes. */
export function parseAlive(output: Output): Alive {
  const jails = new Map<string, number>()
  for (const line of output.lines('jails')) {
    const [, jid, name] = /^\s*(\d+)\s+(\S+)\s*$/.exec(line) ?? []
    if (jid && name) jails.set(name, Number(jid))
  }
  const byPid = new Map<number, Machine>()
  const bhyves = new Map<string, Machine>()
  const others = new Map<string, Machine>()
  for (const line of output.lines('processes')) {
    const [, pid, age, state = '', rss, time = '', args = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (!pid) continue
    const machine = {
      pid: Number(pid),
      age: Number(age),
      held: state.startsWith('T'),
      memoryBytes: Number(rss) * 1024,
      cpuNs: cpuTime(time),
      args,
    }
    byPid.set(machine.pid, machine)
    const bhyve = /^bhyve: (\S+)/.exec(args)?.[1]
    if (bhyve) bhyves.set(bhyve, machine)
    const box = /VBoxHeadless\b.*?(?:--comment|-s|--startvm)\s+(\S+)/.exec(args)?.[1]
    if (box) others.set(box, machine)
    // Xen's device model: "qemu-system-i386 -xen-domid 3 … -name NAME".
    const xen = /-xen-domid\b.*-name\s+([^\s,]+)/.exec(args)?.[1]
    if (xen) others.set(xen, machine)
  }
  const qemus = new Map<string, Machine>()
  for (const line of output.lines('pids')) {
    const [, pid, name] = /^(\d+) (\S+)$/.exec(line) ?? []
    const machine = byPid.get(Number(pid))
    // A number that was given to another program since is not its process.
    if (name && machine && /qemu/.test(machine.args)) qemus.set(name, machine)
  }
  const vmm = output.lines('vmm')
  return {
    jails,
    hidden: vmm[0] === 'hidden' ? new Set(vmm.slice(1).map((line) => line.slice(1))) : null,
    machine: (name, engine) => (engine === 'bhyve' ? bhyves.get(name) : engine === 'qemu' ? qemus.get(name) : others.get(name)),
  }
}
