import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from './errors'
import { cleanEnvironment } from './exec/environment'
import { errnoCode, startError } from './exec/error'
import { ownKeyFile } from './exec/ssh'
import { addressPattern, fingerprint, hostKeyPattern } from './exec/ssh-options'

const call = promisify(execFile)
const scanSeconds = 8

/** A public key of a host. `key`: "ssh-ed25519 AAAA…", what is pinned. `fingerprint`: "SHA256:…", what a person compares. */
export type HostKey = { kind: string; key: string; fingerprint: string }

export type SshKeys = {
  /** The folder of the key pair, for `createSshExec`. */
  dir: string
  /** The line to paste into authorized_keys. Makes the key pair when there is none yet. */
  publicKey(): Promise<string>
  /** What a host shows, the best kind first. Rejects with `unavailable` in words when it shows none. */
  scan(address: string, port: number): Promise<HostKey[]>
}

/** Best first: short and sound, then what every host has. */
const order = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']

async function run(argv: [string, ...string[]], timeoutMs: number): Promise<{ stdout: string; stderr: string }> {
  const [program, ...args] = argv
  try {
    return await call(program, args, { env: cleanEnvironment() as NodeJS.ProcessEnv, timeout: timeoutMs, maxBuffer: 1024 * 1024 })
  } catch (error) {
    // Started, but ended badly: what it wrote says more than its code.
    if (error instanceof Error && 'stdout' in error && 'stderr' in error && errnoCode(error) === undefined)
      return { stdout: String(error.stdout), stderr: String(error.stderr) }
    throw startError(argv, error)
  }
}

/** Keys as ssh-keyscan prints them: "host kind base64"; lines of the servers' greetings begin with `#`. */
export function parseScan(text: string): HostKey[] {
  const found: HostKey[] = []
  for (const line of text.split('\n')) {
    const [host = '', kind = '', blob = ''] = line.trim().split(/\s+/)
    const key = `${kind} ${blob}`
    if (!host.startsWith('#') && hostKeyPattern.test(key)) found.push({ kind, key, fingerprint: fingerprint(key) })
  }
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

function scanWords(address: string, port: number, stderr: string): string {
  if (/getaddrinfo|not known|resolve/i.test(stderr)) return `There is no host named ${address}`
  if (/refused/i.test(stderr)) return `${address} is there, but nothing answers ssh at port ${port}: is sshd running?`
  if (/no route|unreachable/i.test(stderr)) return `${address} cannot be reached: no way leads there`
  if (/Connection closed|reset/i.test(stderr))
    return `${address} closes connections at port ${port} at once: perhaps a firewall, or it is not ssh`
  return `${address} showed no host key at port ${port} within ${scanSeconds} s`
}

/** Bailiwick's own key pair, in `<data>/ssh`, and the keys of hosts before they are known. */
export function createSshKeys(dir: string): SshKeys {
  const file = ownKeyFile(dir)
  let making: Promise<string> | undefined

  async function readOrMake(): Promise<string> {
    const text = await readFile(`${file}.pub`, 'utf8').catch((error: unknown) => {
      if (errnoCode(error) === 'ENOENT') return null
      throw error
    })
    if (text !== null) return text.trim()
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await chmod(dir, 0o700)
    const fresh = join(dir, 'new')
    for (const path of [fresh, `${fresh}.pub`]) await rm(path, { force: true })
    const { stderr } = await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `bailiwick@${hostname()}`, '-f', fresh], 20_000)
    // The private half first: with the public one there, the pair counts as made.
    await rename(fresh, file).catch((cause: unknown) => {
      throw new AppError('failed', `No key pair could be made in ${dir}: ${stderr.trim() || String(cause)}`)
    })
    await chmod(file, 0o600)
    await rename(`${fresh}.pub`, `${file}.pub`)
    return (await readFile(`${file}.pub`, 'utf8')).trim()
  }

  return {
    dir,
    publicKey() {
      making ??= readOrMake().finally(() => {
        making = undefined
      })
      return making
    },
    async scan(address, port) {
      if (address.length > 255 || !addressPattern.test(address))
        throw new AppError('invalid', 'The address must be a host name or an IP address', 'address')
      if (!Number.isInteger(port) || port < 1 || port > 65535)
        throw new AppError('invalid', 'The port must be a number from 1 to 65535', 'port')
      const argv: [string, ...string[]] = [
        'ssh-keyscan',
        '-T',
        String(scanSeconds),
        '-p',
        String(port),
        '-t',
        'ed25519,ecdsa,rsa',
        '--',
        address,
      ]
      const { stdout, stderr } = await run(argv, (scanSeconds + 4) * 1000)
      const found = parseScan(stdout)
      if (found.length === 0) throw new AppError('unavailable', scanWords(address, port, stderr), 'address')
      return found
    },
  }
}
