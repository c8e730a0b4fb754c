import { chmod, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { AppError } from './errors'
import { errnoCode, resultError } from './exec/error'
import { createLocalExec } from './exec/local'
import { ownKeyFile } from './exec/ssh'
import { addressPattern, fingerprint, hostKeyPattern } from './exec/ssh-options'
import type { Exec } from './exec/types'
import type { Argv } from './model/plan'

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

/** ssh-keyscan says nothing of a port where nobody listens: the door is tried by itself. */
async function scanWords(exec: Exec, address: string, port: number): Promise<string> {
  try {
    const socket = await exec.connect({ kind: 'tcp', host: address, port })
    socket.destroy()
    return `What answers at port ${port} of ${address} shows no host key: perhaps it is not ssh`
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    if (/ENOTFOUND|EAI_AGAIN/.test(said)) return `There is no host named ${address}`
    if (/nothing listens/.test(said)) return `${address} is there, but nothing answers ssh at port ${port}: is sshd running?`
    return `${address} cannot be reached at port ${port}: ${said.split(': ').at(-1)}`
  }
}

/** Bailiwick's own key pair, in `<data>/ssh`, and the keys of hosts before they are known. `exec`: this machine. */
export function createSshKeys(dir: string, exec: Exec = createLocalExec()): SshKeys {
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
    const result = await exec.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `bailiwick@${hostname()}`, '-f', fresh])
    if (result.code !== 0) throw resultError(result)
    // The private half first: with the public one there, the pair counts as made.
    await rename(fresh, file)
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
      const argv: Argv = ['ssh-keyscan', '-T', String(scanSeconds), '-p', String(port), '-t', 'ed25519,ecdsa,rsa', '--', address]
      const found = parseScan((await exec.run(argv, { timeoutMs: 3 * scanSeconds * 1000 })).stdout)
      if (found.length === 0) throw new AppError('unavailable', await scanWords(exec, address, port), 'address')
      return found
    },
  }
}
