import { expect, test } from 'vitest'
import { parseDeb822, parseList, planBackports } from './backports.mjs'

const deb822 = `Types: deb
# a snapshot
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://other.example/debian
Suites: bookworm-backports
Components: main
`

test('the mirror and key of the release are used for its backports', () => {
  const plan = planBackports('bookworm', parseDeb822(deb822))
  expect(plan).toMatchObject({ there: false, suite: 'bookworm-backports', uri: 'http://mirror.example/debian' })
  expect(plan?.text).toContain('URIs: http://mirror.example/debian\nSuites: bookworm-backports\nComponents: main\n')
  expect(plan?.text).toContain('Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n')
})

test('one-line sources: options, comments and source packages', () => {
  const text =
    '# deb http://x/debian bookworm main\ndeb [arch=amd64 signed-by=/k.gpg] http://m/debian bookworm main\ndeb-src http://m/debian bookworm main\n'
  expect(parseList(text)).toEqual([{ uris: ['http://m/debian'], suites: ['bookworm'], signedBy: '/k.gpg' }])
})

test('backports that are there already are left alone', () => {
  const sources = parseList('deb http://m/debian bookworm main\ndeb http://n/debian bookworm-backports main contrib\n')
  expect(planBackports('bookworm', sources)).toEqual({ there: true, suite: 'bookworm-backports' })
})

test('without a source of the release there is nothing to derive it from', () => {
  expect(planBackports('bookworm', parseList('deb http://m/debian trixie main\n'))).toBeNull()
})
