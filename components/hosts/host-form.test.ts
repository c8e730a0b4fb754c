import { describe, expect, it } from 'vitest'
import type { Host } from '@/server/model/host'
import { hostSettings } from '@/server/model/host-input'
import { formOf, nameFromAddress, newHostForm, settingsOf } from './host-form'

const hostKey = `ssh-ed25519 ${'A'.repeat(68)}`
const mars: Host = {
  id: 'x',
  name: 'mars',
  transport: 'ssh',
  ssh: { address: 'mars.example.org', port: 2222, user: 'ada', key: { kind: 'file', path: '/home/ada/.ssh/id' }, hostKey },
  become: 'doas',
  libvirtUri: '',
  incusDir: '',
  cbsdWorkdir: '/usr/jails',
}

describe('the form of a host', () => {
  it('gives back what a host was stored with', () => {
    const { id: _, ...settings } = mars
    expect(settingsOf(formOf(mars))).toEqual(settings)
    const local: Host = { id: 'l', name: 'here', transport: 'local', libvirtUri: 'qemu:///system', become: 'none' }
    expect(settingsOf(formOf(local))).toEqual({ name: 'here', transport: 'local', libvirtUri: 'qemu:///system', become: 'none' })
  })

  it('is taken by the server once it is filled in', () => {
    const form = { ...newHostForm, name: 'mars', address: 'mars', hostKey }
    expect(hostSettings.parse(settingsOf(form))).toEqual(settingsOf(form))
  })

  it.each([
    [{ address: '-oProxyCommand=x' }, 'ssh.address'],
    [{ address: 'a b' }, 'ssh.address'],
    [{ address: '' }, 'ssh.address'],
    [{ address: 'mars\nx' }, 'ssh.address'],
    [{ port: '0' }, 'ssh.port'],
    [{ port: '65536' }, 'ssh.port'],
    [{ port: 'x' }, 'ssh.port'],
    [{ user: '-l' }, 'ssh.user'],
    [{ user: 'a;b' }, 'ssh.user'],
    [{ user: '' }, 'ssh.user'],
    [{ keyKind: 'file', keyPath: 'id' }, 'ssh.key.path'],
    [{ keyKind: 'file', keyPath: '/x/../y' }, 'ssh.key.path'],
    [{ keyKind: 'file', keyPath: '/x %d' }, 'ssh.key.path'],
    [{ hostKey: '' }, 'ssh.hostKey'],
    [{ hostKey: `${hostKey}\n* ${hostKey}` }, 'ssh.hostKey'],
    [{ name: '-x' }, 'name'],
    [{ libvirtUri: 'nonsense' }, 'libvirtUri'],
    [{ incusDir: 'relative' }, 'incusDir'],
    [{ cbsdWorkdir: '/usr/$(id)' }, 'cbsdWorkdir'],
  ] as const)('with %j is refused at %s', (change, field) => {
    const parsed = hostSettings.safeParse(settingsOf({ ...newHostForm, name: 'mars', address: 'mars', hostKey, ...change }))
    expect([...new Set(parsed.error?.issues.map(({ path }) => path.join('.')))]).toEqual([field])
  })

  it('makes a name out of an address', () => {
    expect(['mars.example.org', '10.0.0.5', 'fe80::1', ' MARS '].map(nameFromAddress)).toEqual(['mars', '10.0.0.5', 'fe80--1', 'mars'])
  })
})
