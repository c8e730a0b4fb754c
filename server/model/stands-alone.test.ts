import { expect, it } from 'vitest'
import { standsAlone } from './stands-alone'

it.each([
  ['lines, tabs and a bar that is drawn over', 'one\r\n\ttwo\r\n 10%\r100%\r\n├─ ü 漢\r\n'],
  ['colours, and a prompt with its title', '\x1b[1;31mred\x1b[0m\x1b[K\r\n\x1b[?2004h\x1b]0;root@box: ~\x07\x1b[38:5:4m$\x1b[m '],
  ['a line that was edited', '$ abc\r\x1b[C\x1b[C\x1b[2P\x1b[1@\x1b[3G\x1b[K'],
  ['what is said before a line of ours', 'a\r\n\x1b[!p\x1b[?47l\x1b[?25h\x1b[?1000l\x1b[?1006l\x1b[?2004l\x1b[0m\r\nb'],
  ['a screen that was cleared', '\x1b[H\x1b[2J\x1b[3Jfirst line'],
])('draws %s without what came before', (_, text) => expect(standsAlone(text)).toBe(true))

it.each([
  ['a cursor that is placed', 'a\x1b[5;1Hb'],
  ['a cursor that goes up', 'a\r\nb\x1b[Ac'],
  ['the other screen', '\x1b[?1049hvi'],
  ['a question to the terminal', 'a\x1b[6n'],
  ['the clipboard', 'a\x1b]52;c;aGk=\x07'],
  ['a bell', 'a\x07'],
  ['another set of characters', '\x1b(0qqq'],
  ['a control sequence of one character', 'a\u009b5;1Hb'],
  ['half a sequence at its end', 'text\x1b[3'],
  ['a title that hides a sequence', '\x1b]0;a\x1b[6n\x07'],
])('does not draw %s twice', (_, text) => expect(standsAlone(text)).toBe(false))
