import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { alive, collect, fixture, numbers, onEachHost } from './fixtures/hosts'
import type { PtyProcess } from './types'

onEachHost((host) => {
  describe('pty', () => {
    it('passes every byte both ways, valid UTF-8 or not', async () => {
      const terminal = host.exec.pty(['sh', '-c', 'stty raw -echo; printf ready; exec head -c 255'], { cols: 80, rows: 24 })
      const seen = collect(terminal)
      await expect.poll(() => seen.bytes.toString()).toBe('ready')
      const all = Buffer.from(Array.from({ length: 255 }, (_, i) => 255 - i))
      terminal.write(all)
      await expect.poll(() => seen.ended).toBe(true)
      expect(seen.bytes.subarray(5).equals(all)).toBe(true)
    })
    it('tells the program its new size', async () => {
      const terminal = host.exec.pty(['sh', '-c', 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.02; done'], {
        cols: 80,
        rows: 24,
      })
      const seen = collect(terminal)
      await expect.poll(() => seen.bytes.toString()).toContain('ready')
      terminal.resize(132, 43)
      await expect.poll(() => seen.bytes.toString()).toContain('43 132')
      await expect.poll(() => seen.ended).toBe(true)
    })
    it('stops the flow while paused', async () => {
      const terminal = host.exec.pty(['yes'], { cols: 80, rows: 24 })
      const seen = collect(terminal)
      await expect.poll(() => seen.bytes.length).toBeGreaterThan(0)
      terminal.pause()
      const before = seen.bytes.length
      await host.exec.run(['sleep', '0.2'])
      expect(seen.bytes.length).toBe(before)
      terminal.resume()
      await expect.poll(() => seen.bytes.length).toBeGreaterThan(before)
      terminal.kill()
      await expect.poll(() => seen.ended).toBe(true)
    })
    it('gives all that was written before the end', async () => {
      const terminal = host.exec.pty(['sh', '-c', 'stty raw; head -c 60000 /dev/zero; exit 7'], { cols: 80, rows: 24 })
      const exits: unknown[] = []
      terminal.onExit((exit) => void exits.push(exit))
      const seen = collect(terminal)
      await expect.poll(() => exits).toEqual([{ code: 7 }])
      expect(seen.bytes.length).toBe(60_000)
    })
    it('loses nothing when the program ends while paused', async () => {
      const gate = join(host.folder, 'gate-pty')
      const script = 'stty raw; printf x; while [ ! -e "$0" ]; do sleep 0.02; done; head -c 9000 /dev/zero; exit 7'
      const terminal = host.exec.pty(['sh', '-c', script, gate], { cols: 80, rows: 24 })
      const seen = collect(terminal)
      await expect.poll(() => seen.bytes.length).toBe(1)
      terminal.pause()
      await writeFile(gate, '')
      await expect.poll(() => alive(terminal.pid)).toBe(false)
      await host.exec.run(['sleep', '0.5'])
      expect(seen).toMatchObject({ ended: false })
      expect(seen.bytes.length).toBe(1)
      terminal.resume()
      await expect.poll(() => seen.ended).toBe(true)
      expect(seen.bytes.length).toBe(9001)
    })
    it('takes its group along when killed', async () => {
      const terminal = host.exec.pty([fixture('tree.sh'), 'stubborn'], { cols: 80, rows: 24 })
      const seen = collect(terminal)
      await expect.poll(() => seen.bytes.toString()).toMatch(/^\d+ \d+\r\n/)
      terminal.kill()
      await expect.poll(() => seen.ended).toBe(true)
      for (const pid of numbers(seen.bytes.toString())) await expect.poll(() => alive(pid), { timeout: 5000 }).toBe(false)
    })
    // Another machine is asked first, so it can tell only on the terminal.
    it('says in words that a program is missing', async () => {
      const words = 'bailiwick-no-such-program is not installed on this host'
      let terminal: PtyProcess
      try {
        terminal = host.exec.pty(['bailiwick-no-such-program'], { cols: 80, rows: 24 })
      } catch (error) {
        expect(error).toMatchObject({ message: words, reason: 'missing' })
        return
      }
      const seen = collect(terminal)
      await expect.poll(() => seen.ended).toBe(true)
      expect(seen.bytes.toString()).toBe(`\r\n${words}\r\n`)
    })
    it('is a terminal of its own size and kind, with nothing on it but the program', async () => {
      const terminal = host.exec.pty(['sh', '-c', 'stty size; echo "$TERM"; tty | grep -c /dev/; pwd'], { cols: 101, rows: 37 })
      const seen = collect(terminal)
      await expect.poll(() => seen.ended).toBe(true)
      expect(seen.bytes.toString()).toBe('37 101\r\nxterm-256color\r\n1\r\n/\r\n')
    })
    it('gives job control and interrupts to what runs in it', async () => {
      const terminal = host.exec.pty(['sh', '-c', 'trap "echo caught; exit 3" INT; echo ready; while :; do sleep 0.02; done'], {
        cols: 80,
        rows: 24,
      })
      const exits: unknown[] = []
      terminal.onExit((exit) => void exits.push(exit))
      const seen = collect(terminal)
      await expect.poll(() => seen.bytes.toString()).toContain('ready')
      terminal.write(Buffer.of(3))
      await expect.poll(() => exits).toEqual([{ code: 3 }])
      expect(seen.bytes.toString()).toContain('caught')
    })
  })
})
