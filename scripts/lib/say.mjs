import { performance } from 'node:perf_hooks'

/** When the program began, in ms since 1970; a program that another one started goes on with its clock. */
export const begun = Number(process.env.BAILIWICK_BEGUN) || performance.timeOrigin + performance.now()
const elapsed = () => performance.timeOrigin + performance.now() - begun

/** Seconds as people read them: "0.4 s", "75 s", "3 min 20 s". */
export function seconds(ms) {
  const s = ms / 1000
  if (s < 10) return `${s.toFixed(1)} s`
  if (s < 120) return `${Math.round(s)} s`
  return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`
}

let speaker = ''
/** Whose lines follow: their name stands before each, where several speak at once. */
export function speakAs(name) {
  speaker = `${name}  `
}

/** Prints one line with the time since the program began. */
export function say(text) {
  const at = seconds(elapsed()).padStart(11)
  process.stdout.write(`${text ? `${at}  ${speaker}${text}` : ''}\n`)
}

/** Prints lines below the last one, without a time. */
export function more(...lines) {
  for (const line of lines) process.stdout.write(`${' '.repeat(13)}${line}\n`)
}

/** Runs work between two lines: what begins, and how long it took. While it runs, a line every 30 s says that it still does. */
export async function step(title, work) {
  say(`${title} …`)
  const from = performance.now()
  const beat = setInterval(() => say(`${title}: still at it after ${seconds(performance.now() - from)}`), 30_000)
  beat.unref()
  try {
    const result = await work()
    say(`${title}: done in ${seconds(performance.now() - from)}`)
    return result
  } catch (error) {
    say(`${title}: failed after ${seconds(performance.now() - from)}`)
    throw error
  } finally {
    clearInterval(beat)
  }
}
