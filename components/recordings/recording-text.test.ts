import { expect, it } from 'vitest'
import { formatClock, guestName, recordingPath, who } from './recording-text'

it('shows seconds as a clock', () => {
  expect([0, 5.9, 754, 3723].map(formatClock)).toEqual(['0:00', '0:05', '12:34', '1:02:03'])
})
it('names who began it and who else typed', () => {
  expect(who({ user: 'ada', people: ['ada'] })).toBe('ada')
  expect(who({ user: 'ada', people: ['ada', 'bob'] })).toBe('ada · typed: bob')
  expect(who({ user: undefined, people: ['bob'] })).toBe('setting · typed: bob')
})
it('knows the name in the id of a guest and of a host shell', () => {
  expect(guestName('local~incus~web')).toBe('web')
  expect(guestName('host~local')).toBe('local')
})
it('leads to a second, with what is looked for', () => {
  expect(recordingPath('ab', { seconds: 1.5, find: 'a&b' })).toBe('/recordings/ab?t=1.5&find=a%26b')
})
