import { expect, it } from 'vitest'
import type { EngineInfo } from '@/server/model/capability'
import { aGuest } from '@/server/model/fixture-guest'
import type { Guest } from '@/server/model/guest'
import { paletteEntries } from './palette-entries'

const guest = (name: string, state: Guest['state']) => aGuest(name, { state })
const info: EngineInfo = {
  kind: 'libvirt',
  name: 'libvirt',
  version: '9',
  details: [],
  guestTypes: { vm: true },
  arches: [],
  operations: {},
}
const guests = [guest('web-01', 'stopped'), guest('web-02', 'running'), guest('starter', 'running')]
const labels = (text: string) => paletteEntries(text, guests, () => info).map((entry) => entry.label)

it('finds a guest by a part of its name, the exact name first', () => {
  expect(labels('web-02')[0]).toBe('web-02')
  expect(labels('02')).toEqual(['web-02'])
})
it('makes a command of a verb and a name, and refuses with the reason of the guest', () => {
  const [first, second] = paletteEntries('start web', guests, () => info)
  expect([first?.label, first?.allowed]).toEqual(['Start web-01', true])
  expect([second?.label, second?.allowed]).toEqual(['Start web-02', 'It is not stopped'])
})
it('still finds a guest whose name begins like a verb', () => {
  expect(labels('start')).toContain('starter')
})
it('offers the pages when nothing is typed', () => {
  expect(labels('').slice(0, 3)).toEqual(['Overview', 'Guests', 'Create'])
})
it('takes a snapshot of a guest, leads to those to restore, and refuses with the reason of the guest', () => {
  const [take] = paletteEntries('snapshot web-02', guests, () => info)
  expect(take).toMatchObject({ label: 'Take a snapshot of web-02', ask: 'snapshot.create', guest: { name: 'web-02' } })
  expect(labels('restore web-01')[0]).toBe('Restore a snapshot of web-01')
  expect(labels('rest web-01')).toContain('Restart web-01')
  const refusing: EngineInfo = { ...info, operations: { 'snapshot.create': 'It keeps none' } }
  expect(paletteEntries('snap web-02', guests, () => refusing)[0]?.allowed).toBe('It keeps none')
})
it('offers the themes by their names', () => {
  expect(labels('theme').slice(0, 3)).toEqual(['Theme: As the system', 'Theme: Light', 'Theme: Dark'])
  expect(paletteEntries('theme dark', guests, () => info)[0]).toMatchObject({ theme: 'dark', allowed: true })
  expect(paletteEntries('theme sys', guests, () => info)[0]).toMatchObject({ theme: 'system' })
})
