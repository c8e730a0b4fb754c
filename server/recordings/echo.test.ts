import { describe, expect, it } from 'vitest'
import { EchoMatcher, notShown } from './echo'

/** Plays `> typed` and `< printed` lines, and returns what is recorded. A number waits so many ms. */
function play(...script: (string | number)[]): string[] {
  const matcher = new EchoMatcher()
  const found: string[] = []
  let now = 0
  for (const each of script) {
    if (typeof each === 'number') now += each
    else if (each.startsWith('>')) found.push(...matcher.typed(Buffer.from(each.slice(1)), now))
    else found.push(...matcher.output(each.slice(1), now))
  }
  return [...found, ...matcher.end()]
}

describe('what comes back is recorded', () => {
  it('key by key', () => {
    expect(play('>l', '<l', '>s', '<s', '>\r')).toEqual(['ls\r'])
  })
  it('pasted, with the echo in pieces', () => {
    expect(play('>echo one\recho two\r', '<echo', '< one\r\nec', '<ho two\r\n')).toEqual(['echo one\r', 'echo two\r'])
  })
  it('with corrections', () => {
    expect(play('>l', '<l', '>x', '<x', '>\x7f', '<\b\x1b[K', '>s', '<s', '>\r')).toEqual(['lx\x7fs\r'])
    expect(play('>lx\x7fs\r', '<lx\b \bs\r\n')).toEqual(['lx\x7fs\r'])
  })
  it('coloured, and drawn again from the start of the word', () => {
    expect(play('>l', '<l', '>s', '<\b\x1b[32ml\x1b[32ms\x1b[39m', '>\r')).toEqual(['ls\r'])
  })
  it('with what a shell completes or suggests behind it', () => {
    expect(play('>c', '<c\x1b[90mat /etc\x1b[39m\x1b[8D', '>a', '<a', '>\t', '<t /etc ', '>x\r', '<x\r\n')).toEqual(['ca\tx\r'])
  })
  it('across the edge of the screen', () => {
    expect(play('>abcd\r', '<ab \rcd\r\n')).toEqual(['abcd\r'])
  })
  it('from the history, where only keys are typed', () => {
    expect(play('>\x1b[A', '<ls -la', '>\r', '<\r\n')).toEqual(['\x1b[A\r'])
  })
  it('in letters of several bytes that come in pieces', () => {
    const matcher = new EchoMatcher()
    const bytes = Buffer.from('é')
    expect(matcher.typed(bytes.subarray(0, 1), 0)).toEqual([])
    matcher.typed(bytes.subarray(1), 0)
    matcher.output('é', 0)
    expect(matcher.typed(Buffer.from('\r'), 0)).toEqual(['é\r'])
  })
})

describe('what does not come back is not', () => {
  it('a password, whatever is said after it', () => {
    expect(play('>secret\r', '<\r\nWelcome\r\n$ ', '>ls', '<ls', '>\r')).toEqual([notShown, 'ls\r'])
    expect(play('>secret\r', '<Sorry, try again.\r\n')).toEqual([notShown])
  })
  it('a password typed slowly, key by key', () => {
    expect(play('>s', 3000, '>e', 3000, '>c', 500, '>\r', '<\r\n$ ', '>l', '<l', '>\r')).toEqual([notShown, 'l\r'])
  })
  it('a password shown as stars', () => {
    expect(play('>s', '<*', '>e', '<*', '>\r', '<\r\n')).toEqual([notShown])
  })
  it('a password while a program in the background prints its letters', () => {
    expect(play('>s', '<s', '>e', '<systemd says hello\r\n', '>c', '<c', '>\r', '<\r\n')).toEqual([notShown])
  })
  it('a line of which only the beginning came back', () => {
    expect(play('>ab', '<a', '>\r', '<\r\n')).toEqual([notShown])
  })
  it('a password that was pasted as the terminal marks it', () => {
    expect(play('>\x1b[200~secret\x1b[201~\r', '<\r\n')).toEqual([notShown])
  })
  it('a password typed ahead of a command', () => {
    const found = play('>secret\rls\r', '<\r\n$ ls\r\n')
    expect(found.join('')).not.toContain('secret')
  })
  it('an echo that comes too late', () => {
    expect(play('>ls', 2500, '<ls', '>\r')).toEqual([notShown])
  })
  it('the last line, when the session ends in its middle', () => {
    expect(play('>secr')).toEqual([notShown])
    expect(play('>ls', '<ls')).toEqual(['ls'])
  })
})

it('begins anew at the prompt of a shell, and when a program leaves the screen', () => {
  expect(play('>q', '<\x1b[?1049l\x1b[?2004hroot:~# ', '>ls', '<ls', '>\r')).toEqual([notShown, 'ls\r'])
  expect(play('>j', 100, '>k', '<\x1b[?2004h$ ', '>ls', '<ls', '>\r')).toEqual([notShown, 'ls\r'])
})
it('keeps nothing that a terminal answers by itself', () => {
  expect(play('>\x1b[?1;2c', '>\x1b[12;40R', '>\x1b]11;rgb:0000/0000/0000\x07', '>ls', '<ls', '>\r')).toEqual(['ls\r'])
})
