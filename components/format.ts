const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A span of time in its largest unit: "4 s", "12 min", "3 h", "14 d". */
export function formatSpan(ms: number): string {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / 1000))} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min`
  if (ms < day) return `${Math.floor(ms / hour)} h`
  return `${Math.floor(ms / day)} d`
}

/** A span in its two largest units: "14 d 3 h", "3 h 12 min". */
export function formatLongSpan(ms: number): string {
  if (ms < hour) return formatSpan(ms)
  if (ms < day) return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} min`
  return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`
}

/** 0..1 as "34%"; "–" when not known. Above 0 and below 1 % is "<1%": busy is not idle. */
export function formatPercent(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) return '–'
  const percent = share * 100
  return percent > 0 && percent < 0.5 ? '<1%' : `${Math.round(percent)}%`
}

const two = (value: number) => String(value).padStart(2, '0')

/** "13:05:09" today, "3 Nov 13:05" this year, "2025-11-03 13:05" before. Local time. */
export function formatTime(at: number, now: number = Date.now()): string {
  const time = new Date(at)
  const today = new Date(now)
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`
  if (time.toDateString() === today.toDateString()) return `${clock}:${two(time.getSeconds())}`
  if (time.getFullYear() === today.getFullYear())
    return `${time.getDate()} ${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][time.getMonth()]} ${clock}`
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`
}

/** `formatTime` with the name of the time zone, for those who may be in another one: "13:05:09 CET". */
export function formatZonedTime(at: number, now: number = Date.now()): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(at)
  return `${formatTime(at, now)} ${parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''}`.trimEnd()
}

/** Seconds of a finished step: "0.8 s", "12 s", "3 min 4 s". */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** An argument as a POSIX shell reads it, for copying into a terminal. */
export const quote = (argument: string): string =>
  /^[A-Za-z0-9_./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`

/** A command as a person would type it. */
export const formatArgv = (argv: readonly string[]): string => argv.map(quote).join(' ')
