import { expect, test, vi } from 'vitest'
import type { Argv } from '@/server/model/plan'
import { cleanEnvironment } from './environment'
import { startPty } from './pty'
import { taken, unechoed } from './unechoed'

test('a program that is ended as soon as it was started ends, every time', async () => {
  for (let i = 0; i < 40; i++) {
    const pty = startPty(['/bin/cat'], cleanEnvironment(), { cols: 80, rows: 24 })
    const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()))
    pty.kill()
    await ended
    expect(() => process.kill(pty.pid, 0)).toThrow(/ESRCH/)
  }
})

test('what is typed before a program has taken its terminal is not echoed where that was asked', async () => {
  const typed = async (argv: Argv) => {
    const pty = startPty(argv, cleanEnvironment(), { cols: 80, rows: 24 })
    let text = ''
    pty.onData((bytes) => {
      text += Buffer.from(bytes).toString()
    })
    const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()))
    await vi.waitFor(() => expect(text).toContain('up'), 15_000)
    pty.write(Buffer.from('early\r'))
    await ended
    return text
  }
  const slow: Argv = ['/bin/sh', '-c', 'echo up; read -r line; echo "got $line"']
  expect(await typed(unechoed(slow))).toBe('up\r\ngot early\r\n')
  expect(await typed(slow)).toBe('up\r\nearly\r\ngot early\r\n')
})

test('it is told when a program has taken its terminal, and not before', async () => {
  const pty = startPty(unechoed(['/bin/sh', '-c', 'echo up; read -r line; stty -icanon; head -c 5']), cleanEnvironment(), {
    cols: 80,
    rows: 24,
  })
  let text = ''
  pty.onData((bytes) => {
    text += Buffer.from(bytes).toString()
  })
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()))
  await vi.waitFor(() => expect(text).toBe('up\r\n'), 15_000)
  pty.write(Buffer.from('on\r'))
  await vi.waitFor(() => expect(text).toBe(`up\r\n${taken}`), 15_000)
  pty.write(Buffer.from('fifth'))
  await ended
  expect(text).toBe(`up\r\n${taken}fifth`)
})
