import { expect, it } from 'vitest'
import { Lines } from './lines'

/** The lines of a stream, given in one piece and then byte by byte: the same must come out. */
function linesOf(text: string, cols = 80): string[] {
  const [whole, pieces] = [[text], [...text]].map((parts) => {
    const found: string[] = []
    const lines = new Lines(cols, (_, line) => found.push(line))
    for (const part of parts) lines.write(part, 0)
    lines.end()
    return found
  })
  expect(pieces).toEqual(whole)
  return whole ?? []
}

it('leaves out colours, titles and other strings for the terminal', () => {
  expect(linesOf('\x1b]0;root@web: ~\x07\x1b[01;32mroot\x1b[m:~# \x1b[?2004hls\r\n\x1bP1$r0m\x1b\\ok\x9b31mred\x1b(B.\n')).toEqual([
    'root:~# ls',
    'okred.',
  ])
})
it('shows what was typed over, as a progress bar leaves it', () => {
  expect(linesOf('10 %\r50 %\r100 %\r\n')).toEqual(['100 %'])
  expect(linesOf('lost\rfou\r\n')).toEqual(['fout'])
  expect(linesOf('working\r\x1b[Kdone\r\n')).toEqual(['done'])
})
it('does what an editor of lines does: back, erase, delete, insert', () => {
  expect(linesOf('lx\b\x1b[Ks\r\n')).toEqual(['ls'])
  expect(linesOf('lx\b \bs\r\n')).toEqual(['ls'])
  expect(linesOf('abd\b\x1b[@c\r\n')).toEqual(['abcd'])
  expect(linesOf('abxc\b\b\x1b[P\r\n')).toEqual(['abc'])
  expect(linesOf('a\tb\x1b[3Gc\r\n')).toEqual(['a c     b'])
})
it('joins what only the edge of the screen broke, and types over in the last row only', () => {
  expect(linesOf('abcdefgh', 4)).toEqual(['abcdefgh'])
  expect(linesOf('abcdef\rxy\r\n', 4)).toEqual(['abcdxy'])
  expect(linesOf('abcd\r\nef\r\n', 4)).toEqual(['abcd', 'ef'])
})
it('counts wide and combining characters as the terminal does', () => {
  expect(linesOf('日本\b\bx\r\n')).toEqual(['日x'])
  expect(linesOf('e\u0301a\ba\r\n')).toEqual(['e\u0301a'])
})
it('keeps empty lines, and gives what a full screen drew in pieces', () => {
  expect(linesOf('a\r\n\r\nb\r\n')).toEqual(['a', '', 'b'])
  expect(linesOf('\x1b[?1049h\x1b[2J\x1b[1;1Hone\x1b[5;3Htwo\x1b[?1049l')).toEqual(['one', '  two'])
})
it('cuts a line that never ends', () => {
  const lines = linesOf('x'.repeat(40_000))
  expect(lines.join('')).toHaveLength(40_000)
  expect(lines.length).toBeGreaterThan(1)
})
it('tells when the last character of a line was drawn', () => {
  const found: [number, string][] = []
  const lines = new Lines(80, (at, text) => found.push([at, text]))
  lines.write('$ ', 1)
  lines.write('ls', 5)
  lines.write('\r\n', 9)
  expect(found).toEqual([[5, '$ ls']])
})
