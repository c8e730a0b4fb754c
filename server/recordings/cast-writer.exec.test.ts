import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { castEvent, castStart, mendCast } from './cast-reader'
import { CastWriter, type Waiting } from './cast-writer'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-cast-'))
  folders.push(folder)
  return join(folder, 'a.cast')
}
const header = { cols: 80, rows: 24, startedAt: 1_700_000_000_500, title: 'web – shell' }

function writer(path: string, limits?: { one: number; all: number }, waiting: Waiting = { characters: 0 }) {
  const faults: unknown[] = []
  let now = 1000
  const made = new CastWriter(
    path,
    header,
    waiting,
    (fault) => faults.push(fault),
    () => now,
    limits,
  )
  return { made, faults, waiting, pass: (ms: number) => (now += ms) }
}
const eventsOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1).map(castEvent)

describe('a file of events', () => {
  it('is asciicast version 2: a header, then one event a line with its second', async () => {
    const path = newPath()
    const { made, pass } = writer(path)
    made.event('o', 'é"\n\x1b[1m')
    pass(1500)
    made.event('r', '100x30')
    await made.close()
    expect(JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '')).toEqual({
      version: 2,
      width: 80,
      height: 24,
      timestamp: 1_700_000_000,
      title: 'web – shell',
      env: { TERM: 'xterm-256color' },
    })
    expect(eventsOf(path)).toEqual([
      { at: 0, code: 'o', data: 'é"\n\x1b[1m' },
      { at: 1.5, code: 'r', data: '100x30' },
    ])
    expect(await castStart(path)).toEqual({ cols: 80, rows: 24 })
    expect(made.size).toBe(readFileSync(path).length)
  })

  it('drops what does not fit into memory, says where and how much, and goes on', async () => {
    const path = newPath()
    const { made, waiting } = writer(path, { one: 1000, all: 10_000 })
    made.event('o', 'a'.repeat(800))
    made.event('o', 'b'.repeat(800))
    await made.flush()
    expect(waiting.characters).toBe(0)
    made.event('o', 'c')
    await made.close()
    const events = eventsOf(path)
    expect(events.map((event) => event?.code)).toEqual(['o', 'm', 'o'])
    expect(events[1]?.data).toMatch(/^800 characters are missing/)
    expect(events[2]?.data).toBe('c')
  })

  it('shares the memory of all', async () => {
    const waiting = { characters: 0 }
    const paths = [newPath(), newPath()]
    const both = paths.map((path) => writer(path, { one: 1000, all: 1500 }, waiting))
    for (const { made } of both) made.event('o', 'x'.repeat(800))
    await Promise.all(both.map(({ made }) => made.close()))
    expect(paths.map((path) => readFileSync(path, 'utf8').includes('xxx'))).toEqual([true, false])
    expect(readFileSync(paths[1] ?? '', 'utf8')).toContain('800 characters are missing')
    expect(waiting.characters).toBe(0)
  })

  it('that cannot be written tells so once, and takes no more', async () => {
    const path = newPath()
    writeFileSync(path, 'something else')
    const { made, faults, waiting } = writer(path)
    made.event('o', 'a')
    await made.flush()
    made.event('o', 'b')
    await made.close()
    expect(faults).toHaveLength(1)
    expect(waiting.characters).toBe(0)
    expect(readFileSync(path, 'utf8')).toBe('something else')
  })

  it('whose writer was killed is mended: half an event goes, its end is the last whole one', async () => {
    const path = newPath()
    const { made, pass } = writer(path)
    pass(2500)
    made.event('o', 'whole')
    await made.close()
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, `${whole}[9.5, "o", "half`)
    expect(await mendCast(path)).toEqual({ seconds: 2.5, sizeBytes: Buffer.byteLength(whole) })
    expect(readFileSync(path, 'utf8')).toBe(whole)
  })
})
