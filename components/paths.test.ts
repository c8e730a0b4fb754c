import { expect, it } from 'vitest'
import { guestPath, safeNext } from './paths'

it('makes addresses of any guest name', () => {
  expect(guestPath('local~libvirt~a/b?c', 'console')).toBe('/guests/local~libvirt~a%2Fb%3Fc/console')
})
it('never leads to another site after sign-in', () => {
  expect(['/guests?q=a', '//evil.example', '/\\evil.example', 'https://evil.example', null].map(safeNext)).toEqual([
    '/guests?q=a',
    '/',
    '/',
    '/',
    '/',
  ])
})
