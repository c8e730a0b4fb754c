import type { Standing } from './of'

const nouns = { vm: 'VM', container: 'container', jail: 'jail', host: 'host' } satisfies Record<Standing['type'], string>

const noun = (guest: Standing): string => nouns[guest.type]

/** Why nothing comes out now, and what will happen. */
export function notRunning(guest: Standing | undefined, kind: 'serial' | 'shell', cause = ''): string {
  if (!guest) return 'It is gone'
  const next = kind === 'serial' ? 'The console goes on when it starts.' : 'The shell opens when it starts.'
  if (guest.state === 'stopped') return `The ${noun(guest)} is stopped. ${next}`
  if (guest.state === 'crashed') return `The ${noun(guest)} crashed. ${next}`
  return `The serial port was closed${cause ? ` (${cause})` : ''}. Attaching again.`
}

/** To those who may only watch a shell. */
export const notOpened = 'Nobody has opened this shell yet. What happens in it shows here.'

/** Why the shell ended. */
export function ended(guest: Standing | undefined, cause: string): string {
  if (!guest) return 'It is gone.'
  if (guest.state === 'stopped' || guest.state === 'crashed')
    return `The ${noun(guest)} ${guest.state === 'stopped' ? 'stopped' : 'crashed'}.`
  return cause ? `The shell ended (${cause}).` : 'The shell ended.'
}

export const failedToOpen = (error: unknown): string =>
  `The console cannot be opened: ${error instanceof Error ? error.message : String(error)}`

/** What leaves the screen of a program that is no more: normal buffer, cursor on, mouse and paste modes off. */
const softReset = '\x1b[!p\x1b[?47l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[0m'

const mark = (words: string): Uint8Array =>
  Buffer.from(`${softReset}\r\n\x1b[33m── ${new Date().toTimeString().slice(0, 8)} · ${words} ──\x1b[0m\r\n`)

/** The line after the server itself was restarted, in a shell. */
export const shellEnded = () => mark('Bailiwick was restarted: the shell above has ended, this is a new one')

/** The line where the place in the serial log could not be found again. */
export const gap = (after: 'server' | 'host') =>
  mark(`${after === 'server' ? 'Bailiwick was restarted' : 'the host was lost for a while'} · output may be missing here`)

/** The line in the stream between two lives of a guest, or between two shells. */
export function restarted(guest: Standing | undefined, kind: 'serial' | 'shell'): Uint8Array {
  if (kind === 'shell') return mark('the shell above has ended, this is a new one')
  return mark(`${guest ? `${noun(guest)} ` : ''}attached again, the same console goes on`)
}
