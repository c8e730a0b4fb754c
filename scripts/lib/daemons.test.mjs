import { expect, it } from 'vitest'
import { libvirtDaemons } from './daemons.mjs'

const installed =
  (...names) =>
  (name) =>
    names.includes(name) ? `/usr/sbin/${name}` : null
const names = (list) => list.map(({ name }) => name)

it('starts libvirtd where it is installed, and its log daemon first', () => {
  expect(libvirtDaemons(installed('libvirtd', 'virtlogd'), () => false)).toEqual([
    { name: 'virtlogd', unit: 'virtlogd.socket', argv: ['/usr/sbin/virtlogd'], socket: '/run/libvirt/virtlogd-sock' },
    { name: 'libvirtd', unit: 'libvirtd.socket', argv: ['/usr/sbin/libvirtd'], socket: '/run/libvirt/libvirt-sock' },
  ])
})

it('starts the modular daemons where only they are', () => {
  const list = libvirtDaemons(installed('virtlogd', 'virtqemud', 'virtnetworkd'), () => false)
  expect(names(list)).toEqual(['virtlogd', 'virtqemud', 'virtnetworkd'])
  expect(list[1]?.socket).toBe('/run/libvirt/virtqemud-sock')
})

it('does not start libvirtd beside modular daemons that are in use', () => {
  const find = installed('virtlogd', 'libvirtd', 'virtqemud')
  expect(names(libvirtDaemons(find, (path) => path === '/run/libvirt/virtqemud-sock'))).toEqual(['virtlogd', 'virtqemud'])
  expect(names(libvirtDaemons(find, () => false))).toEqual(['virtlogd', 'libvirtd'])
})

it('starts nothing of libvirt where it is not installed', () => {
  expect(libvirtDaemons(installed('virtlogd'), () => true)).toEqual([])
})
