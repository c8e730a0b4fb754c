import { expect, test } from 'vitest'
import { judgeIncus } from './incus-init.mjs'

const pools = ['/1.0/storage-pools/default']
const host = { name: 'eth0', managed: false }
const bridge = { name: 'incusbr0', managed: true }
const root = { type: 'disk', path: '/', pool: 'default' }

test('only an Incus with nothing in it is set up', () => {
  expect(judgeIncus([], [host], { devices: {} })).toEqual({ untouched: true })
  expect(judgeIncus(pools, [host, bridge], { devices: { root } })).toEqual({ untouched: false })
  expect(judgeIncus(pools, [host], { devices: { root, eth0: { type: 'nic', parent: 'br0' } } })).toEqual({ untouched: false })
})

test('one that lost its bridge is left alone, and the command that makes one is told', () => {
  const { untouched, words } = judgeIncus(pools, [host], { devices: { root } }, '10.93.0.1/24')
  expect(untouched).toBe(false)
  expect(words.at(-1)).toBe(
    'incus network create incusbr0 ipv4.address=10.93.0.1/24 ipv4.nat=true ipv6.address=none && incus profile device add default eth0 nic name=eth0 network=incusbr0',
  )
})
