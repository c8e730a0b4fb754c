import { expect, it } from 'vitest'
import { aptOptions, parseMirrors } from './apt'

it('takes the host’s own Debian mirrors and nothing of other origins', () => {
  const text = `http://deb.debian.org/debian/ bookworm-backports main Debian Backports
http://mirror.example/debian/ bookworm contrib Debian
http://mirror.example/debian/ bookworm main Debian
http://mirror.example/debian/ bookworm-updates main Debian
http://mirror.example/security/ bookworm-security main Debian
https://apt.example.com/ bookworm main Somebody
https://deb.example.com/node nodistro main . nodistro
`
  expect(parseMirrors(text, 'bookworm')).toEqual([
    'deb http://mirror.example/debian/ bookworm main',
    'deb http://mirror.example/debian/ bookworm-updates main',
    'deb http://mirror.example/security/ bookworm-security main',
  ])
})

it('passes over an address that would read as options', () => {
  expect(parseMirrors('http://x/[trusted=yes] bookworm main Debian\n', 'bookworm')).toEqual([])
})

it('keeps the lists of a foreign architecture out of the host’s', () => {
  const release = { version: 12, codename: 'bookworm', arch: 'amd64' }
  expect(aptOptions('/data', release, 'arm64')).toContain('-oDir::State::Lists=/data/apt/arm64')
  expect(aptOptions('/data', release, 'amd64').join(' ')).not.toContain('Lists')
})
