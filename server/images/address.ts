import { BlockList, isIP } from 'node:net'

/** Not the public internet, by the IANA special-purpose registries (RFC 6890 and its successors). */
const blocked = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  blocked.addSubnet(net, bits, 'ipv4')
// Of IPv6 only 2000::/3 is global; these parts of it are documentation, or carry an IPv4 address that nobody has looked at.
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  blocked.addSubnet(net, bits, 'ipv6')
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
/** NAT64 (RFC 6052) and IPv4-mapped addresses: what counts is the IPv4 address in them. */
const carriers = new BlockList()
carriers.addSubnet('64:ff9b::', 96, 'ipv6')
carriers.addSubnet('::ffff:0:0', 96, 'ipv6')

/** The last 32 bits of an IPv6 address as IPv4. */
function lastBits(address: string): string {
  const dotted = /:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (dotted) return dotted
  const tail = address.endsWith('::') ? [] : (address.split('::').at(-1) ?? '').split(':')
  const low = Number.parseInt(tail.at(-1) ?? '0', 16) || 0
  const high = Number.parseInt(tail.at(-2) ?? '0', 16) || 0
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** True when an IP address belongs to the public internet: not loopback, private, link-local, shared, metadata or reserved. */
export function isPublic(address: string): boolean {
  const bare = address.replace(/%.*$/, '')
  const family = isIP(bare)
  if (family === 4) return !blocked.check(bare, 'ipv4')
  if (family !== 6) return false
  if (carriers.check(bare, 'ipv6')) return !blocked.check(lastBits(bare), 'ipv4')
  return global6.check(bare, 'ipv6') && !blocked.check(bare, 'ipv6')
}
