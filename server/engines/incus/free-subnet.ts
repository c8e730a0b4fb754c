import type { Exec } from '@/server/exec/types'

const first = 92
const number = (hex: string): number => Number.parseInt(hex.match(/../g)?.reverse().join('') ?? '', 16)

/**
 * The address of a bridge in the first free 10.N.0.0/24 from 10.92 on, by the host's routes (proc_net(5): /proc/net/route holds addresses
 * as hexadecimal in the order of the machine, which is little-endian wherever Bailiwick runs). Null when all of 10/8 is taken.
 */
export function freeBridgeAddress(routes: string): string | null {
  const used = routes
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    // The default route covers everything.
    .filter((fields) => fields.length >= 8 && fields[7] !== '00000000')
    .map((fields) => {
      const from = number(fields[1] ?? '')
      return [from, from + 2 ** 32 - number(fields[7] ?? '') - 1] as const
    })
  for (let i = 0; i < 256; i++) {
    const second = (first + i) % 256
    const from = (10 * 256 + second) * 65_536
    if (!used.some(([a, b]) => a <= from + 255 && b >= from)) return `10.${second}.0.1/24`
  }
  return null
}

/**
 * What `network create` is told of addresses. Without it Incus looks for a free subnet itself, and gives up on hosts with many routes
 * ("Failed to automatically find an unused IPv4 subnet"). A host that tells no routes is asked to do without.
 */
export async function bridgeOptions(exec: Exec): Promise<string> {
  const address = await exec.readFile('/proc/net/route', { maxBytes: 1024 * 1024 }).then(
    (bytes) => freeBridgeAddress(Buffer.from(bytes).toString('latin1')),
    () => null,
  )
  return address ? ` ipv4.address=${address} ipv4.nat=true ipv6.address=none` : ' ipv6.address=none'
}
