import type { Exec } from '@/server/exec/types'

/** A door that never opens: whatever is asked through it fails with `error`. */
export function closedDoor(error: unknown): Exec {
  const shut = async (): Promise<never> => {
    throw error
  }
  const shutAtOnce = (): never => {
    throw error
  }
  return {
    run: shut,
    read: shut,
    lines: shutAtOnce,
    stream: shutAtOnce,
    pty: shutAtOnce,
    connect: shut,
    writeFile: shut,
    readFile: shut,
    follow: shut,
    stat: shut,
    readDir: shut,
    close: async () => {},
  }
}
