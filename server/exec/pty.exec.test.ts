import { expect, test } from 'vitest'
import { cleanEnvironment } from './environment'
import { startPty } from './pty'

test('a program that is ended as soon as it was started ends, every time', async () => {
  for (let i = 0; i < 40; i++) {
    const pty = startPty(['/bin/cat'], cleanEnvironment(), { cols: 80, rows: 24 })
    const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()))
    pty.kill()
    await ended
    expect(() => process.kill(pty.pid, 0)).toThrow(/ESRCH/)
  }
})
