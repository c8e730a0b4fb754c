const count = (n: number, one: string, more: string) => `${n.toLocaleString('en')} ${n === 1 ? one : more}`

/** What a character is called where it cannot be shown. */
const shown = (character: string): string => {
  const point = character.codePointAt(0) ?? 0
  return /\p{Cc}/u.test(character) ? `U+${point.toString(16).toUpperCase().padStart(4, '0')}` : character
}

/** The words of typing a text as keys. */
export const typeMessages = {
  titles: { type: 'Type text as keys', paste: { text: 'Paste into the console', keys: 'Paste as typed keys' } },
  hint: {
    text: 'It is typed into the console a character at a time, as by hand: for logins, rescue shells and serial ports.',
    keys: 'It is typed on the guest’s keyboard, a key at a time: for logins, rescue shells and installers.',
  },
  unreadable: 'The browser does not let this page read the clipboard. Put the text into the box, with Ctrl-V for instance.',
  multiline: 'These lines would run one by one: the program in the console does not know pasted text from typed text. Look at them first.',
  texts: { type: 'Text to type', paste: 'Text to paste' },
  secret: 'Hide the text',
  secretHint: 'It is not shown here and kept out of recordings of what is typed. What the guest prints of it is seen by all.',
  layout: 'Keyboard layout of the guest',
  toggle: 'The guest changes to the other letters by',
  unicode: 'Type what the layout lacks as Ctrl-Shift-U and its number',
  unicodeHint: 'For graphical guests with GTK or IBus.',
  lineEnd: 'At the end of a line',
  lineEnds: { cr: 'Enter (CR)', lf: 'Line feed (LF)', crlf: 'Both (CR LF)' },
  rate: 'Speed',
  perSecond: (rate: number) => `${rate.toLocaleString('en')} characters per second`,
  enter: 'Press Enter at the end',
  missing: (characters: string[]) =>
    `${count(characters.length, 'character', 'characters')} cannot be typed with this layout: ${characters.slice(0, 20).map(shown).join(' ')}${characters.length > 20 ? ' …' : ''}`,
  controls: (characters: string[]) =>
    `${count(characters.length, 'control character', 'control characters')} in it cannot be typed: ${characters.slice(0, 20).map(shown).join(' ')}`,
  leaveOut: 'Leave them out',
  sum: (lines: number, characters: number, seconds: number) =>
    characters === 0
      ? 'Nothing to type yet'
      : `${count(lines, 'line', 'lines')}, ${count(characters, 'character', 'characters')}, about ${count(Math.max(1, Math.round(seconds)), 'second', 'seconds')}`,
  progress: (done: number, all: number) => `${done.toLocaleString('en')} of ${all.toLocaleString('en')} characters typed`,
  stopped: (done: number, all: number) => `Stopped after ${done.toLocaleString('en')} of ${all.toLocaleString('en')} characters.`,
  send: 'Type it',
  paste: 'Paste it as it is',
  cancel: 'Cancel',
  stop: 'Stop typing',
  notTyping: 'Another window is typing, or there is no connection.',
}
