import { appendFile, mkdtemp, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { onEachHost } from './fixtures/hosts'
import type { Followed } from './types'

// Another machine is looked at some times a second.
const slow = { timeout: 5000 }

onEachHost((host) => {
  const open: Followed[] = []
  let folder = ''
  let path = ''
  let text = ''

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'po-follow-'))
    path = join(folder, 'serial.log')
    text = ''
  })
  afterEach(async () => {
    for (const file of open.splice(0)) file.close()
    await rm(folder, { recursive: true })
  })

  async function follow(tailBytes = 1e6): Promise<Followed> {
    const file = await host.exec.follow(path, { tailBytes }, (bytes) => {
      text += Buffer.from(bytes).toString('latin1')
    })
    open.push(file)
    return file
  }
  const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}\n`).join('')
  /** As virtlogd does it: the oldest goes, each moves one on, a new one begins. */
  async function rotate(backups = 3): Promise<void> {
    await unlink(`${path}.${backups - 1}`).catch(() => {})
    for (let n = backups - 2; n >= 0; n--) await rename(`${path}.${n}`, `${path}.${n + 1}`).catch(() => {})
    await rename(path, `${path}.0`)
    await writeFile(path, '')
  }

  describe('following a file', () => {
    it('gives its end, then what is appended, once', async () => {
      await writeFile(path, lines(1, 1000))
      const { start } = await follow('line 1000\n'.length * 1)
      expect(text).toBe('line 1000\n')
      expect(start).toBe(lines(1, 999).length)
      await appendFile(path, 'more')
      await expect.poll(() => text, slow).toBe('line 1000\nmore')
    })

    it('begins at the place it names, also when the file is written to at that moment', async () => {
      await writeFile(path, '')
      let writing = true
      let whole = ''
      const writer = (async () => {
        for (let n = 0; writing; n++) {
          const line = `line ${n}\n`
          whole += line
          await appendFile(path, line)
        }
      })()
      for (let round = 0; round < 20; round++) {
        let got = ''
        const file = await host.exec.follow(path, { tailBytes: 100 }, (bytes) => {
          got += Buffer.from(bytes).toString('latin1')
        })
        open.push(file)
        await expect.poll(() => got.length, slow).toBeGreaterThan(200)
        file.close()
        expect(whole.slice(file.start, file.start + got.length)).toBe(got)
      }
      writing = false
      await writer
    })

    it('loses and doubles nothing while a writer fills and rotates it', async () => {
      await writeFile(path, '')
      await follow()
      for (let n = 0; n < 40; n++) {
        await appendFile(path, lines(n * 500 + 1, n * 500 + 250))
        await appendFile(path, lines(n * 500 + 251, n * 500 + 500))
        if (n % 5 === 4) {
          await rotate()
          // One write after each rotation, so that a file read too late would be missed.
          await expect.poll(() => text.length, slow).toBe(lines(1, (n + 1) * 500).length)
        }
      }
      expect(text).toBe(lines(1, 20_000))
    })

    it('takes up every file that was begun while it was held', async () => {
      await writeFile(path, lines(1, 10))
      const file = await follow()
      file.pause()
      await appendFile(path, lines(11, 20))
      await rotate()
      await appendFile(path, lines(21, 30))
      await rotate()
      await appendFile(path, lines(31, 40))
      expect(text).toBe(lines(1, 10))
      file.resume()
      await expect.poll(() => text, slow).toBe(lines(1, 40))
      await appendFile(path, lines(41, 42))
      await expect.poll(() => text, slow).toBe(lines(1, 42))
    })

    it('begins again when it is cut to nothing', async () => {
      await writeFile(path, lines(1, 100))
      await follow()
      await truncate(path)
      await appendFile(path, 'new\n')
      await expect.poll(() => text, slow).toBe(`${lines(1, 100)}new\n`)
    })

    it('says why it cannot be followed', async () => {
      await expect(follow()).rejects.toThrow(/Cannot follow .*serial\.log: it does not exist/)
    })
  })
})
