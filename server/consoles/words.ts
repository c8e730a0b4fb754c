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

const line = (words: string) => {
  // Names come from engines: nothing in them may be taken for a command to the terminal.
  const plain = words.replace(/\p{Cc}/gu, '\ufffd')
  return `\r\n\x1b[33m── ${new Date().toTimeString().slice(0, 8)} · ${plain} ──\x1b[0m\r\n`
}
/** A line after which another program has the terminal. */
const mark = (words: string): Uint8Array => Buffer.from(softReset + line(words))
/** A line that the program on the terminal does not know of: it goes on after it. */
const remark = (words: string): Uint8Array => Buffer.from(line(words))

const named = (guest: Standing | undefined): string => (guest ? noun(guest) : 'guest')

/** The line after the server itself was restarted, in a shell. */
export const shellEnded = () => mark('Bailiwick was restarted: the shell above has ended, this is a new one')

const gaps = { server: 'Bailiwick was restarted', host: 'the host was lost for a while', terminal: 'the console was attached again' }
/** The line where the place in the serial log could not be found again. */
export const gap = (after: keyof typeof gaps) => mark(`${gaps[after]} · output may be missing here`)

/** A shell ends with its guest, and none is started in a guest that nobody asked for. */
const newShell = 'a new shell opens when asked'

/** How a console goes on in the next life of its guest. A container's log cannot be followed over that: its first output may be missed. */
function goesOn(guest: Standing | undefined, kind: 'serial' | 'shell'): string {
  if (kind === 'shell') return newShell
  return guest?.type === 'container' ? 'the same console goes on, what it prints first may be missing' : 'the same console goes on'
}

/** The line in the stream between two lives of a guest, or between two shells. */
export function restarted(guest: Standing | undefined, kind: 'serial' | 'shell'): Uint8Array {
  if (kind === 'shell') return mark('the shell above has ended, this is a new one')
  return mark(`${named(guest)} attached again, the same console goes on`)
}

/** The line for a guest that is in another state now, and null where there is nothing to say. */
export function changed(guest: Standing, before: Standing['state'], kind: 'serial' | 'shell'): Uint8Array | null {
  const { state } = guest
  const wasUp = before !== 'stopped' && before !== 'crashed'
  const next = kind === 'serial' ? 'the console goes on when it starts' : `${newShell}, once it runs`
  if (state === 'stopped' && wasUp) return mark(`the ${noun(guest)} stopped · ${next}`)
  if (state === 'crashed' && wasUp) return mark(`the ${noun(guest)} crashed · ${next}`)
  if (state === 'paused' && wasUp) return remark(`the ${noun(guest)} is paused · the console goes on when it is resumed`)
  if (state === 'running' && before === 'paused') return remark(`the ${noun(guest)} runs again`)
  if ((state === 'running' || state === 'starting') && !wasUp) return mark(`the ${noun(guest)} started · ${goesOn(guest, kind)}`)
  return null
}

export const restored = (guest: Standing | undefined) =>
  mark(`the ${named(guest)} was put back to a snapshot · what follows comes from there`)
export const restarting = (guest: Standing | undefined, kind: 'serial' | 'shell') =>
  mark(`the ${named(guest)} restarts · ${goesOn(guest, kind)}${kind === 'shell' ? ', once it runs again' : ''}`)
export const rebooted = (guest: Standing | undefined, kind: 'serial' | 'shell') =>
  mark(`the ${named(guest)} rebooted · ${goesOn(guest, kind)}`)
export const renamed = (guest: Standing, name: string) => mark(`the ${noun(guest)} is called ${name} now · the same console goes on`)
export const moved = (guest: Standing, host: string) => mark(`the ${noun(guest)} is on host ${host} now · the same console goes on`)
