import { expect, test } from 'vitest'
import { nodeIsNewEnough, parseOsRelease } from './system.mjs'

test('os-release: quoted and bare values', () => {
  const fields = parseOsRelease(
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n# a comment\nVERSION_CODENAME=bookworm\n',
  )
  expect(fields).toEqual({ PRETTY_NAME: 'Debian GNU/Linux 12 (bookworm)', ID: 'debian', VERSION_ID: '12', VERSION_CODENAME: 'bookworm' })
})

test.each([
  ['20.19.0', true],
  ['20.18.3', false],
  ['18.20.4', false],
  ['22.0.0', true],
  ['26.1.0', true],
])('Node %s is new enough: %s', (version, enough) => expect(nodeIsNewEnough(version)).toBe(enough))
