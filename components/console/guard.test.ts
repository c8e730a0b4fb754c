import { describe, expect, it } from 'vitest'
import { clipOf, webAddress } from './guard'
import { plainText } from './plain-text'

describe('webAddress', () => {
  it.each([
    ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
    ['HTTP://EXAMPLE.org', 'http://example.org/'],
    // A name of look-alike letters shows as what it is.
    ['https://аpple.com/', 'https://xn--pple-43d.com/'],
    ['https://bank.example@evil.example/', 'https://bank.example@evil.example/'],
    ['javascript:alert(1)', null],
    ['data:text/html,<script>', null],
    ['file:///etc/passwd', null],
    ['ssh://root@host', null],
    ['//host/path', null],
    ['', null],
  ])('%s', (text, expected) => expect(webAddress(text)).toBe(expected))
})

describe('clipOf', () => {
  it.each([
    [`c;${btoa('rm -rf /')}`, 'rm -rf /'],
    [`;${btoa('x')}`, 'x'],
    ['c;w6nDqQ==', 'éé'],
    ['c;?', null],
    ['c;!', null],
    ['c;', null],
    ['nonsense', null],
    ['c;A', null],
    [`c;${'A'.repeat(300_000)}`, null],
  ])('%s', (data, expected) => expect(clipOf(data)).toBe(expected))
})

describe('plainText', () => {
  it.each([
    ['a\x1b[31mb\x07', 'a[31mb'],
    ['one\r\n two', 'one two'],
    ['safe\u202Egnp.exe', 'safegnp.exe'],
    ['zero\u200bwidth\u{e0041}', 'zerowidth'],
    ['0123456789abc', '0123456789a…'],
  ])('%j', (text, expected) => expect(plainText(text, 12)).toBe(expected))
})
