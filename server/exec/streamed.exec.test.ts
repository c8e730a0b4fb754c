import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { alive, numbers, onEachHost } from './fixtures/hosts'

const piece = Buffer.from(Array.from({ length: 64 * 1024 }, (_, i) => (i * 7) % 256))

onEachHost((host) => {
  describe('streams', () => {
    it('hands a stream of any length to a command', async () => {
      const hash = createHash('sha256')
      const source = Readable.from(
        (function* () {
          for (let i = 0; i < 300; i++) {
            hash.update(piece)
            yield piece
          }
        })(),
      )
      expect((await host.exec.run(['sha256sum'], { stdin: source })).stdout.slice(0, 64)).toBe(hash.digest('hex'))
    })

    it('reads no more of a stream than the command takes, and ends with it', async () => {
      let given = 0
      const source = Readable.from(
        (function* () {
          for (;;) {
            given += piece.length
            yield piece
          }
        })(),
      )
      const result = await host.exec.run(['sh', '-c', 'head -c 100000 | wc -c'], { stdin: source })
      expect(result.stdout.trim()).toBe('100000')
      expect(given).toBeLessThan(20_000_000)
    })

    it('ends the input early when its source fails, so that a count tells', async () => {
      const source = Readable.from(
        (async function* () {
          yield piece
          throw new Error('the file is gone')
        })(),
      )
      expect(Number((await host.exec.run(['wc', '-c'], { stdin: source })).stdout)).toBeLessThanOrEqual(piece.length)
    })

    it('gives output of any length whole, also to a reader who comes late', async () => {
      const { stdout, ended } = host.exec.stream(['sh', '-c', 'yes 0123456789 | head -c 6000000; echo end >&2; exit 3'])
      const hash = createHash('sha256')
      let size = 0
      await once(stdout, 'readable')
      // Meanwhile the silence passes after which a command's output counts as ended: it is what ends this one, whose output stays open.
      const left = await host.exec.run(['sh', '-c', 'sleep 60 & echo $!'])
      await host.exec.run(['kill', left.stdout.trim()])
      for await (const bytes of stdout) {
        hash.update(bytes)
        size += bytes.length
      }
      expect(size).toBe(6_000_000)
      expect(hash.digest('hex')).toBe(createHash('sha256').update('0123456789\n'.repeat(600_000).slice(0, size)).digest('hex'))
      expect(await ended).toMatchObject({ code: 3, stderr: 'end\n' })
    })

    it('is ended by its signal though nobody reads', async () => {
      const stop = new AbortController()
      const { stdout, ended } = host.exec.stream(['sh', '-c', 'echo $$; yes'], { signal: stop.signal })
      const [first] = await once(stdout, 'data')
      stdout.pause()
      const [pid] = numbers(String(first).split('\n')[0] ?? '')
      if (!pid) throw new Error('no number')
      expect(await alive(pid)).toBe(true)
      stop.abort()
      expect(await ended).toMatchObject({ signal: 'aborted' })
      expect(await alive(pid)).toBe(false)
    })
  })
})
