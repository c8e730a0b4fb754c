import { readFileSync } from 'node:fs'

const file = (name: string): string => readFileSync(new URL(`transcripts/${name}`, import.meta.url), 'utf8')

/** What a real `cbsd` (14.1.3a) printed on standard output. For tests. */
export function transcript(name: string): string {
  const text = file(`${name}.txt`)
  const from = text.indexOf('--- stdout\n')
  if (from < 0) throw new Error(`${name} has no output`)
  return text.slice(from + '--- stdout\n'.length).split('\n--- stderr\n')[0] ?? ''
}

/** The calls of a real queue hook, each behind the time it came. */
export const hookCalls = (): string[] =>
  file('events.log')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\d+ /, ''))
