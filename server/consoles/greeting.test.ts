import { expect, it, vi } from 'vitest'
import { greeting } from './greeting'

const line = { end: '\n\r', line: true, reachMs: 500 }

it('hides the first line of a program, and keeps what is typed until it stands', () => {
  const typed: string[] = []
  const greeted = greeting(line, (bytes) => typed.push(Buffer.from(bytes).toString()))
  const shown = (text: string) => Buffer.from(greeted.shown(Buffer.from(text))).toString()
  greeted.write(Buffer.from('ls\r'))
  expect(shown('To detach, press <ctrl>+a q\n')).toBe('')
  expect(typed).toEqual([])
  expect(shown('\rlogin: ')).toBe('login: ')
  expect(typed).toEqual(['ls\r'])
  greeted.write(Buffer.from('root\r'))
  expect(typed).toEqual(['ls\r', 'root\r'])
  expect(shown('a\n\rb')).toBe('a\n\rb')
  expect(greeted.rest()).toHaveLength(0)
})

it('keeps what is typed for half a second more where the guest is silent', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const typed: string[] = []
  const greeted = greeting(line, (bytes) => typed.push(Buffer.from(bytes).toString()))
  expect(greeted.shown(Buffer.from('To detach\n\r'))).toHaveLength(0)
  greeted.write(Buffer.from('ls\r'))
  vi.advanceTimersByTime(499)
  expect(typed).toEqual([])
  vi.advanceTimersByTime(1)
  expect(typed).toEqual(['ls\r'])
  vi.useRealTimers()
})

it('shows all of a program that does not greet: why it ended, or more than a greeting', () => {
  const refused = greeting(line, () => {})
  expect(refused.shown(Buffer.from('Error: not running\r\n'))).toHaveLength(0)
  expect(Buffer.from(refused.rest()).toString()).toBe('Error: not running\r\n')
  const other = greeting(line, () => {})
  const much = Buffer.alloc(2000, 'x')
  expect(other.shown(much)).toEqual(much)
})

it('keeps what is typed until a program has its terminal, and shows what the guest says meanwhile', () => {
  const typed: string[] = []
  const greeted = greeting({ end: '\x1b_up\x1b\\', line: false, reachMs: 0 }, (bytes) => typed.push(Buffer.from(bytes).toString()))
  const shown = (text: string) => Buffer.from(greeted.shown(Buffer.from(text))).toString()
  greeted.write(Buffer.from('ls\r'))
  expect(shown('a\n\rb\x1b[1m\x1b_')).toBe('a\n\rb\x1b[1m')
  expect(shown('no\x1b_u')).toBe('\x1b_no')
  expect(shown('x'.repeat(2000))).toBe(`\x1b_u${'x'.repeat(2000)}`)
  expect(typed).toEqual([])
  expect(shown('c\x1b_up\x1b')).toBe('c')
  expect(shown('\\')).toBe('')
  expect(typed).toEqual(['ls\r'])
  expect(shown('d\x1b_up\x1b\\')).toBe('d\x1b_up\x1b\\')
})
