import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freeSubnet, routedNetworks, usedNetworks } from './networks.mjs'

test('a subnet in use is passed over, whatever its size', () => {
  const ten = 10 * 2 ** 24
  expect(freeSubnet([])).toBe('10.92.0.1/24')
  expect(freeSubnet([[ten + 92 * 65536, ten + 92 * 65536 + 255]])).toBe('10.93.0.1/24')
  // A /15 that covers 92 and 93.
  expect(freeSubnet([[ten + 92 * 65536, ten + 94 * 65536 - 1]])).toBe('10.94.0.1/24')
  expect(freeSubnet([[ten, ten + 2 ** 24 - 1]])).toBeNull()
})

test('routes count as used, the default route does not', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'routes-')), 'route')
  const head = 'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n'
  writeFileSync(path, `${head}eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0\ntun0 00005C0A 00000000 0001 0 0 0 0000FFFF 0 0 0\n`)
  const used = usedNetworks(path)
  expect(used).toContainEqual([0x0a5c0000, 0x0a5cffff])
  expect(freeSubnet(used)).not.toBe('10.92.0.1/24')
  expect(used.some(([first, last]) => first === 0 && last === 2 ** 32 - 1)).toBe(false)
})

test('a route that covers a part of a subnet takes it, one beside it does not', () => {
  const route = (to, mask) => `\neth0 ${to} 00000000 0001 0 0 0 ${mask} 0 0 0`
  // 10.92.0.0/16, then 10.93.0.128/25; 10.92.1.0/24; all of 10/8.
  const free = (...routes) => freeSubnet(routedNetworks(`Iface${routes.join('')}\n`))
  expect(free(route('00005C0A', '0000FFFF'), route('80005D0A', '80FFFFFF'))).toBe('10.94.0.1/24')
  expect(free(route('00015C0A', '00FFFFFF'))).toBe('10.92.0.1/24')
  expect(free(route('0000000A', '000000FF'))).toBeNull()
})
