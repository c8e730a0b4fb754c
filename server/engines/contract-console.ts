import type { Exec } from '@/server/exec/types'
import type { ConsoleTarget } from '@/server/model/console'

/** A console as a test uses it: type, then wait for what the guest answers. */
export type TestConsole = {
  type(text: string): void
  /** Resolves with the match once everything shown so far holds it; rejects with the tail of what was shown. */
  until(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>
  close(): Promise<void>
}

/** Marks of a terminal: colours, where to write, what to erase, titles. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin with
const marks = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007]*(?:\u0007|\u001b\\)|[()][0-9A-B]|[=>78cDEM])|\u000f/g

/** Opens a pty console for real, as the hub would. `drawn`: marks are left out of what was shown. */
export function openTestConsole(exec: Exec, target: ConsoleTarget, drawn = false): TestConsole {
  if (target.kind !== 'pty') throw new Error(`expected a pty console, got ${target.kind}`)
  const pty = exec.pty(target.argv, { cols: 200, rows: 50, env: target.env })
  const decoder = new TextDecoder()
  const listeners = new Set<() => void>()
  let shown = ''
  let ended = false
  const changed = () => {
    for (const listener of listeners) listener()
  }
  pty.onData((bytes) => {
    shown += decoder.decode(bytes, { stream: true })
    // One that is cut in two stays until the rest of it has come.
    if (drawn) shown = shown.replace(marks, '')
    changed()
  })
  const gone = new Promise<void>((resolve) => {
    pty.onExit(() => {
      ended = true
      changed()
      resolve()
    })
  })
  return {
    type(text) {
      pty.write(new TextEncoder().encode(text))
    },
    until(pattern, withinMs) {
      return new Promise((resolve, reject) => {
        const finish = (act: () => void) => {
          clearTimeout(timer)
          listeners.delete(look)
          act()
        }
        const fail = (why: string) =>
          finish(() => reject(new Error(`${why} while waiting for ${pattern}: ${JSON.stringify(shown.slice(-600))}`)))
        const look = () => {
          const match = pattern.exec(shown)
          if (match) {
            shown = shown.slice(match.index + match[0].length)
            finish(() => resolve(match))
          } else if (ended) fail('the console ended')
        }
        const timer = setTimeout(() => fail(`nothing within ${withinMs} ms`), withinMs)
        listeners.add(look)
        look()
      })
    },
    async close() {
      if (!ended) pty.kill()
      await gone
    },
  }
}
