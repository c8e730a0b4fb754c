import { Terminal } from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { CastFile } from './cast-file'
import { Playback } from './playback'

const header = '{"version": 2, "width": 20, "height": 3}\n'
type Event = [number, string, string]
const castOf = (events: Event[]) => header + events.map((event) => `${JSON.stringify(event)}\n`).join('')

function fileOf(text: string, pieces = 1): CastFile {
  const file = new CastFile()
  const bytes = new TextEncoder().encode(text)
  const step = Math.ceil(bytes.length / pieces)
  for (let at = 0; at < bytes.length; at += step) file.append(bytes.subarray(at, at + step))
  file.end()
  return file
}

/** A screen that is a real terminal, and a clock that stands until it is told to go on. */
function play(file: CastFile) {
  const terminal = new Terminal({ cols: 80, rows: 24, allowProposedApi: true })
  let now = 0
  let frame: ((now: number) => void) | null = null
  const playback = new Playback(
    file,
    {
      write: (text, drawn) => terminal.write(text, drawn),
      reset(cols, rows) {
        terminal.reset()
        terminal.resize(cols, rows)
      },
      resize: (cols, rows) => terminal.resize(cols, rows),
    },
    {
      now: () => now,
      next(run) {
        frame = run
        return 1
      },
      cancel: () => {
        frame = null
      },
    },
  )
  return {
    playback,
    terminal,
    /** Lets so many ms pass, in frames of 50 ms. */
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 50) {
        now += 50
        const run = frame
        frame = null
        run?.(now)
        await new Promise<void>((resolve) => terminal.write('', resolve))
      }
    },
    line: (row = 0) => terminal.buffer.active.getLine(row)?.translateToString(true),
  }
}

describe('a cast', () => {
  const text = castOf([
    [0.5, 'o', 'é\r\n'],
    [1.25, 'r', '30x5'],
    [2, 'm', 'here'],
    [3.000001, 'o', '"[]"'],
  ])
  it.each([1, 7, 1000])('is read the same in %i pieces', (pieces) => {
    const file = fileOf(text, pieces)
    expect([file.size, file.count, file.seconds]).toEqual([{ cols: 20, rows: 3 }, 4, 3.000001])
    expect(Array.from({ length: 4 }, (_, i) => [file.codeOf(i), file.read(i)])).toEqual([
      ['o', 'é\r\n'],
      ['r', '30x5'],
      ['m', 'here'],
      ['o', '"[]"'],
    ])
    expect(file.timeOf(1)).toBeCloseTo(1.25)
    expect(file.marks).toEqual([{ at: 2, label: 'here' }])
  })
  it('that ends in the middle of an event is read up to there', () => {
    expect(fileOf(`${text}[4.5, "o", "half`).count).toBe(4)
  })
})

describe('playing', () => {
  const events: Event[] = [
    [0.1, 'o', 'a'],
    [1, 'o', 'b'],
    [61, 'o', 'c'],
    [61.2, 'r', '40x4'],
    [61.3, 'o', 'd'],
  ]
  it('goes at its own pace, and stands while it is paused', async () => {
    const { playback, pass, line } = play(fileOf(castOf(events)))
    playback.play()
    await pass(500)
    expect(line()).toBe('a')
    playback.pause()
    await pass(5000)
    expect(line()).toBe('a')
    playback.play()
    await pass(700)
    expect(line()).toBe('ab')
  })
  it('skips pauses when told to, and goes faster when told to', async () => {
    const { playback, pass, line, terminal } = play(fileOf(castOf(events)))
    playback.speed(4)
    playback.play()
    await pass(1100)
    expect(line()).toBe('abcd')
    expect([terminal.cols, terminal.rows]).toEqual([40, 4])
    expect(playback.state.ended).toBe(true)

    const slow = play(fileOf(castOf(events)))
    slow.playback.skipIdle(false)
    slow.playback.play()
    await slow.pass(30_000)
    expect(slow.line()).toBe('ab')
    expect(slow.playback.state.position).toBeCloseTo(30, 0)
  })
  it('jumps forth and back to what stood there', async () => {
    const { playback, line, terminal } = play(fileOf(castOf(events)))
    await playback.seek(61.1)
    expect([line(), terminal.cols]).toEqual(['abc', 20])
    await playback.seek(1)
    expect([line(), playback.state.position]).toEqual(['ab', 1])
    await playback.seek(999)
    expect([line(), playback.state.position]).toEqual(['abcd', 61.3])
  })
  it('jumps to where the file has not arrived yet, and the last jump counts', async () => {
    const file = new CastFile()
    const { playback, line } = play(file)
    const first = playback.seek(0.5)
    const second = playback.seek(61)
    const bytes = new TextEncoder().encode(castOf(events))
    for (let at = 0; at < bytes.length; at += 10) {
      file.append(bytes.subarray(at, at + 10))
      await Promise.resolve()
    }
    file.end()
    await Promise.all([first, second])
    expect(line()).toBe('abc')
  })
  it('takes a cast of 50 MB without holding more than a little of it in the screen', async () => {
    const line = `${'0123456789'.repeat(10)}\r\n`
    const block = line.repeat(600)
    const many: Event[] = Array.from({ length: 800 }, (_, i) => [i / 100, 'o', block])
    const file = fileOf(castOf(many), 500)
    expect(file.length).toBeGreaterThan(48_000_000)
    const { playback } = play(file)
    await playback.seek(8)
    expect(playback.state.position).toBe(7.99)
  }, 60_000)
})
