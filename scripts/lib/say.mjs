import { performance } from 'node:perf_hooks'

const begun = performance.now()

/** Seconds as people read them: "0.4 s", "75 s", "3 min 20 s". */
export function seconds(ms) {
  const s = ms / 1000
  if (s < 10) return `${s.toFixed(1)} s`
  if (s < 120) return `${Math.round(s)} s`
  return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`
}

/** Prints one line with the time since the program began. */
export function say(text) {
  const at = seconds(performance.now() - begun).padStart(11)
  process.stdout.write(`${text ? `${at}  ${text}` : ''}\n`)
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
