import { once } from 'node:events'
import { connect } from 'node:net'
import type { Exec } from '@/server/exec/types'
import type { Argv } from '@/server/model/plan'

/** For tests: a VM run by QEMU itself under emulation, with its serial port on a terminal and its control socket at `qmp`. */
export function bootVm(exec: Exec, argv: Argv, qmp: string) {
  // signal=off: Ctrl-C is the guest's, not QEMU's.
  const serial = ['-chardev', 'stdio,id=serial,signal=off', '-serial', 'chardev:serial']
  const full: Argv = [...argv, '-display', 'none', ...serial, '-monitor', 'none', '-no-reboot', '-qmp', `unix:${qmp},server,nowait`]
  const terminal = exec.pty(full, { cols: 120, rows: 40 })
  const started = performance.now()
  let text = ''
  let ended = false
  let wake = () => {}
  terminal.onData((bytes) => {
    text += Buffer.from(bytes).toString('latin1')
    wake()
  })
  const exit = new Promise<void>((resolve) =>
    terminal.onExit(() => {
      ended = true
      wake()
      resolve()
    }),
  )
  return {
    /** Waits for a pattern, takes the output up to its end and returns it. Rejects with the last output when it does not come. */
    async expect(pattern: RegExp, withinMs: number): Promise<string> {
      const end = performance.now() + withinMs
      for (;;) {
        const found = pattern.exec(text)
        if (found) {
          const seen = text.slice(0, found.index + found[0].length)
          text = text.slice(seen.length)
          return seen
        }
        const left = end - performance.now()
        if (ended || left <= 0) throw new Error(`${pattern} did not come within ${withinMs} ms; the last output: ${text.slice(-2000)}`)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    },
    type: (keys: string) => terminal.write(Buffer.from(keys)),
    /** Presses the power button. */
    async powerButton(): Promise<void> {
      const socket = connect(qmp)
      let said = ''
      socket.on('data', (bytes: Buffer) => {
        said += bytes.toString()
      })
      // QEMU forgets what it has not begun when the socket closes, so each answer is awaited.
      const until = async (pattern: RegExp) => {
        while (!pattern.test(said)) await once(socket, 'data')
        said = ''
      }
      await until(/"QMP"/)
      socket.write('{"execute":"qmp_capabilities"}')
      await until(/"return"/)
      socket.write('{"execute":"system_powerdown"}')
      await until(/"return"[\s\S]*"POWERDOWN"|"POWERDOWN"[\s\S]*"return"/)
      socket.destroy()
    },
    /** Resolves when QEMU has ended. */
    exit,
    seconds: () => (performance.now() - started) / 1000,
    kill: () => terminal.kill(),
  }
}
