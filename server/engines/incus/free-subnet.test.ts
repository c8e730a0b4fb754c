import { expect, it } from 'vitest'
import { freeBridgeAddress } from './free-subnet'

const head = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT'
const route = (to: string, mask: string) => `eth0\t${to}\t00000000\t0001\t0\t0\t0\t${mask}\t0\t0\t0`
const table = (...lines: string[]) => `${[head, ...lines].join('\n')}\n`

it('passes over what a route covers, whole or in part, and not over the default route', () => {
  expect(freeBridgeAddress(table(route('00000000', '00000000')))).toBe('10.92.0.1/24')
  // 10.92.0.0/16, then 10.93.0.128/25.
  expect(freeBridgeAddress(table(route('00005C0A', '0000FFFF'), route('80005D0A', '80FFFFFF')))).toBe('10.94.0.1/24')
  // 10.92.1.0/24 is beside it.
  expect(freeBridgeAddress(table(route('00015C0A', '00FFFFFF')))).toBe('10.92.0.1/24')
})
it('finds none where all of 10/8 is routed', () => {
  expect(freeBridgeAddress(table(route('0000000A', '000000FF')))).toBeNull()
})
