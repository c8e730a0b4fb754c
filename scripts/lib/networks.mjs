import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

const number = (address) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** The network of an address, as [first, last] numbers. */
function span(address, mask) {
  const size = 2 ** 32 - mask
  const first = Math.floor(address / size) * size
  return [first, first + size - 1]
}

/**
 * IPv4 networks that a host has routes to, out of its /proc/net/route (proc_net(5)): addresses are hexadecimal there, in the
 * order of the machine, which is little-endian wherever Bailiwick runs. The default route covers everything and does not count.
 */
export const routedNetworks = (table) =>
  table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 8 && fields[7] !== '00000000')
    .map(([, to, , , , , , mask]) => span(Buffer.from(to, 'hex').readUInt32LE(0), Buffer.from(mask, 'hex').readUInt32LE(0)))

/** IPv4 networks of this machine's interfaces and routes. */
export function usedNetworks(route = '/proc/net/route') {
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family }) => family === 'IPv4')
  return [...own.map(({ address, netmask }) => span(number(address), number(netmask))), ...routedNetworks(readFileSync(route, 'utf8'))]
}

/** The first free 10.N.0.1/24 from `from` on, or null when the whole of 10/8 is in use. */
export function freeSubnet(used = usedNetworks(), from = 92) {
  for (let i = 0; i < 256; i++) {
    const second = (from + i) % 256
    const first = number(`10.${second}.0.0`)
    if (!used.some(([a, b]) => a <= first + 255 && b >= first)) return `10.${second}.0.1/24`
  }
  return null
}

/** What `incus network create` is told of addresses. Left to itself it may find no free subnet, and fails on hosts with many routes. */
export const bridgeOptions = (subnet) => (subnet ? ` ipv4.address=${subnet} ipv4.nat=true ipv6.address=none` : ' ipv6.address=none')
