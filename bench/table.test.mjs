import { expect, test } from 'vitest'
import { table } from './table.mjs'

const machine = ['a machine']

test('what is missed is marked, and what failed says why', () => {
  const text = table(machine, { list100: { values: [0.7] }, list1000: { values: [0.9] }, memory: { error: 'it ended' } })
  expect(text).toMatch(/every row of 100 guests .*\| \*\*0\.70 s\*\* *\| MISSED/)
  expect(text).toMatch(/list of 1,000 .*\| 0\.90 s *\| met/)
  expect(text).toMatch(/failed: it ended *\| MISSED/)
})

test('a plain terminal and Cockpit of the same run stand beside the consoles', () => {
  const found = { echo: [1, 2], seq: 13, lines: 60, long: 61, ctrlC: 0.004 }
  const peers = {
    version: '287.1',
    results: { echoShell: { values: [16, 22] }, floodSeq: { error: 'no prompt' } },
    machines: { keys: ['echoSerial'], reason: 'it says no' },
  }
  const text = table(machine, {
    echoShell: { values: [4, 5] },
    echoSerial: { values: [7, 9] },
    floodSeq: { values: [6] },
    plain: { local: found, incus: found },
    peers,
  })
  expect(text).toContain('| 1.0 / 2.0 ms; `incus exec`: 1.0 / 2.0 ms | 16.0 / 22.0 ms (earlier: 16 / 22 ms)')
  expect(text).toMatch(/seq 1 200000` +\| 13\.0 MB\/s; .*\| not measured: no prompt \(earlier: 2\.4 MB\/s\)/)
  expect(text).toContain('not here¹ (earlier: 20 / 26 ms)')
  expect(text).toContain('¹ Cockpit-machines: it says no.')
})

test('without Cockpit it says so, and keeps what is known of it', () => {
  const text = table(machine, { echoShell: { values: [4, 5] }, peers: { reason: 'this machine has no apt' } })
  expect(text).toContain('Cockpit was not measured: this machine has no apt')
  expect(text).toContain('earlier: 16 / 22 ms')
})
