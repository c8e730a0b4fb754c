import { expect, it } from 'vitest'
import { isCalledOff } from '@/server/exec/error'
import { createLocalExec } from '@/server/exec/local'
import { aptOptions, kernelPackage, parseMirrors } from './apt'

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

it('does not take a question that was called off for an answer', async () => {
  const exec = createLocalExec()
  const ended = { code: null, signal: 'aborted', stdout: '', stderr: '', truncated: false, seconds: 0 }
  const stopping = { ...exec, run: async (argv: Parameters<typeof exec.run>[0]) => ({ argv, ...ended }) }
  const release = { version: 12, codename: 'bookworm', arch: 'amd64' }
  const asked = kernelPackage(stopping, '/data', release, 'amd64', 'linux-image-cloud-amd64')
  await expect(asked.catch((error: unknown) => isCalledOff(error))).resolves.toBe(true)
  const none = { ...exec, run: async (argv: Parameters<typeof exec.run>[0]) => ({ argv, ...ended, code: 100, signal: undefined }) }
  expect(await kernelPackage(none, '/data', release, 'amd64', 'linux-image-cloud-amd64')).toBeNull()
  await exec.close()
})
