import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

const number = (address) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** IPv4 networks of this machine's interfaces and routes, as [first, last] numbers. */
export function usedNetworks(route = '/proc/net/route') {
  const used = []
  const span = (address, mask) => {
    const size = 2 ** 32 - mask
    const first = Math.floor(address / size) * size
    used.push([first, first + size - 1])
  }
  for (const list of Object.values(networkInterfaces()))
    for (const { family, address, netmask } of list ?? []) if (family === 'IPv4') span(number(address), number(netmask))
  for (const line of readFileSync(route, 'utf8').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    if (fields.length < 8 || fields[7] === '00000000') continue // The default route covers everything.
    span(Buffer.from(fields[1], 'hex').readUInt32LE(0), Buffer.from(fields[7], 'hex').readUInt32LE(0))
  }
  return used
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
