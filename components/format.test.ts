import { describe, expect, it } from 'vitest'
import { formatArgv, formatLongSpan, formatPercent, formatSeconds, formatSpan, formatTime, formatZonedTime } from './format'

describe('formats', () => {
  it('says spans in their largest units', () => {
    expect([0, 4999, 59_999, 60_000, 3_600_000, 86_400_000 * 14].map(formatSpan)).toEqual(['0 s', '4 s', '59 s', '1 min', '1 h', '14 d'])
    expect([90_000, 3_600_000 * 3 + 720_000, 86_400_000 * 14 + 3_600_000 * 3].map(formatLongSpan)).toEqual([
      '1 min',
      '3 h 12 min',
      '14 d 3 h',
    ])
    // A clock that runs ahead of the server's must not show a negative span.
    expect(formatSpan(-2000)).toBe('0 s')
  })

  it('tells a little from nothing, and nothing from not known', () => {
    expect([0, 0.001, 0.005, 0.344, 1, null, undefined].map(formatPercent)).toEqual(['0%', '<1%', '1%', '34%', '100%', '–', '–'])
  })

  it('shortens times by how far away they are', () => {
    const now = new Date(2026, 10, 22, 15, 0, 0).getTime()
    expect(formatTime(new Date(2026, 10, 22, 9, 5, 7).getTime(), now)).toBe('09:05:07')
    expect(formatTime(new Date(2026, 2, 3, 9, 5, 7).getTime(), now)).toBe('3 Mar 09:05')
    expect(formatTime(new Date(2025, 2, 3, 9, 5, 7).getTime(), now)).toBe('2025-03-03 09:05')
  })

  it('names the time zone for those who may be in another', () => {
    const at = new Date(2026, 10, 22, 9, 5, 7).getTime()
    const zone = formatZonedTime(at, at).replace(`${formatTime(at, at)} `, '')
    expect(zone).toMatch(/^[A-Z]{2,5}([+-]\d{1,2}(:\d\d)?)?$/)
  })

  it('says seconds of steps', () => {
    expect([0.04, 9.96, 12.4, 184].map(formatSeconds)).toEqual(['0.0 s', '10.0 s', '12 s', '3 min 4 s'])
  })

  it('quotes what a shell would read otherwise', () => {
    expect(formatArgv(['virsh', '-c', 'qemu:///system', 'start', 'a b'])).toBe("virsh -c qemu:///system start 'a b'")
    expect(formatArgv(['echo', "it's", '$(id)', '', ';'])).toBe(`echo 'it'\\''s' '$(id)' '' ';'`)
  })
})
