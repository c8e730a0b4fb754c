import { execFile } from 'node:child_process'

/** What a command of the machine said. */
export type Ran = { code: number; stdout: string; stderr: string }

/** Runs a command beside Bailiwick: to change something behind its back, or to see what is really so. Never throws. */
export function tryHost(argv: readonly [string, ...string[]]): Promise<Ran> {
  const [program, ...rest] = argv
  return new Promise((resolve) => {
    const child = execFile(program, rest, { maxBuffer: 16 * 1024 * 1024, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') })
    })
    // `incus init` reads a definition from its input, to its end.
    child.stdin?.end()
  })
}

/** The standard output of a command of the machine; throws with its error output when it fails. */
export async function hostCommand(argv: readonly [string, ...string[]]): Promise<string> {
  const { code, stdout, stderr } = await tryHost(argv)
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${stderr.trim()}`)
  return stdout
}

export const virsh = (...args: string[]): Promise<string> => hostCommand(['virsh', '-c', 'qemu:///system', ...args])

let asked: Promise<'incus' | 'lxc'> | undefined
/** The program whose daemon answers, as Bailiwick itself chooses it: Incus, else LXD. */
export const incusProgram = (): Promise<'incus' | 'lxc'> => {
  asked ??= tryHost(['incus', 'query', '/1.0']).then(({ code }) => (code === 0 ? 'incus' : 'lxc'))
  return asked
}
/** Runs an `incus` command, with LXD's word for it where that is another. */
export async function incus(command: string, ...args: string[]): Promise<string> {
  const program = await incusProgram()
  return hostCommand([program, program === 'lxc' && command === 'resume' ? 'start' : command, ...args])
}

/** The names of all domains, off ones too, as libvirt itself lists them. */
export const domains = async (): Promise<string[]> =>
  (await virsh('list', '--all', '--name')).split('\n').flatMap((line) => line.trim() || [])

/** What libvirt itself calls the state of a domain: `running`, `shut off`, `paused`; `gone` when there is none. */
export async function domainState(name: string): Promise<string> {
  const { code, stdout } = await tryHost(['virsh', '-c', 'qemu:///system', 'domstate', name])
  return code === 0 ? stdout.trim() : 'gone'
}

/** The instances of Incus by name, with their state in its own words (`Running`, `Stopped`, `Frozen`). */
export async function instances(): Promise<Map<string, string>> {
  const lines = (await incus('list', '--format', 'csv', '--columns', 'ns')).trim().split('\n')
  return new Map(lines.flatMap((line) => (line ? [[line.split(',')[0] ?? '', (line.split(',')[1] ?? '').toLowerCase()] as const] : [])))
}
