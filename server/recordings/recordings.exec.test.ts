import { appendFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Terminal } from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../db/client'
import { castLines } from './cast-lines'
import { guest, openedAgain, outputOf, run, say, temporary } from './fixture-shells'

/** What a terminal shows, its past included. `joined`: lines that its edge broke are whole, and empty ones at the end left out. */
async function screenOf(write: (terminal: Terminal) => void, joined = false): Promise<string[]> {
  const terminal = new Terminal({ cols: 80, rows: 24, scrollback: 5000, allowProposedApi: true })
  write(terminal)
  await new Promise<void>((resolve) => terminal.write('', resolve))
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(true) ?? '')
  const wrapped = lines.map((_, index) => active.getLine(index)?.isWrapped === true)
  terminal.dispose()
  if (!joined) return lines
  const whole: string[] = []
  for (const [index, line] of lines.entries()) {
    if (wrapped[index]) whole.push(`${whole.pop() ?? ''}${line}`)
    else whole.push(line)
  }
  while (whole.at(-1) === '') whole.pop()
  return whole
}

describe('a recording', () => {
  it('holds what was seen: played back, a terminal shows the same as the live one', async () => {
    const recorded = await run()
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    const client = await recorded.view()
    expect(client.last('recording')).toMatchObject({ on: true, input: false, mode: 'always' })
    await say(client, `printf '\\e[31mred\\e[0m \\xc3\\xa9 日本\\n'; seq 1 300; echo do""ne`, 'done\r\n')
    client.send({ t: 'resize', cols: 100, rows: 30 })
    await client.until((c) => c.last('size')?.cols === 100)
    await say(client, `printf 'ab\\b\\bxy\\tz\\r\\n'; stty size; echo o""ver`, 'over\r\n')
    await client.until((c) => c.text.endsWith('$ '))
    const seen = client.bytes
    await recorded.close()

    const [{ id = '' } = {}] = await openedAgain(recorded)
    const events = recorded.events(id)
    expect(outputOf(events)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(seen))
    expect(outputOf(events)).toContain('é 日本')
    const live = await screenOf((terminal) => {
      const at = seen.indexOf('done\r\n') + 6
      terminal.write(seen.subarray(0, at))
      terminal.write('', () => terminal.resize(100, 30))
      terminal.write(seen.subarray(at))
    })
    const played = await screenOf((terminal) => {
      for (const { code, data } of events) {
        const [cols = 0, rows = 0] = data.split('x').map(Number)
        if (code === 'o') terminal.write(data)
        else if (code === 'r') terminal.write('', () => terminal.resize(cols, rows))
      }
    })
    expect(played).toEqual(live)
    expect(played.join('\n')).toContain('30 100')
  })

  it('has the text that a terminal shows, lines edited and broken by its edge included', async () => {
    const recorded = await run()
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    const client = await recorded.view()
    await client.until((c) => c.text.endsWith('$ '))
    await say(client, 'eco\x1b[Dh\x05 on""x\x7fe', 'one\r\n')
    await say(client, `echo ${'0123456789'.repeat(12)}; echo t""wo`, 'two\r\n')
    await say(
      client,
      `for i in 10 50 100; do printf '\\r%s %%' $i; done; printf '\\r\\e[Kfull\\n\\e[1mbold\\e[m\\ttab\\n'; echo thr""ee`,
      'three\r\n',
    )
    await client.until((c) => c.text.endsWith('$ '))
    await recorded.close()
    const [id = ''] = recorded.ids()
    const lines: string[] = []
    for await (const group of castLines(recorded.path(id))) lines.push(...group.map(({ text }) => text))
    const shown = await screenOf((terminal) => terminal.write(outputOf(recorded.events(id))), true)
    expect(lines).toEqual(shown.map((line) => line.trimEnd()))
    expect(lines).toContain('0123456789'.repeat(12))
    expect(lines).toEqual(expect.arrayContaining(['one', 'full', 'bold    tab', 'three']))
  })

  it('is begun and ended by a person, and says who', async () => {
    const recorded = await run()
    const client = await recorded.view()
    expect(client.last('recording')).toMatchObject({ on: false, mode: 'demand' })
    await say(client, 'echo sec""ret; printf "\\033[H\\033[2J\\033[3J"; echo bef""ore', 'before\r\n')
    await recorded.service.record({ id: guest, kind: 'shell' }, 'ada')
    await client.until((c) => c.last('recording')?.on === true)
    expect(client.last('recording')).toMatchObject({ by: 'ada', input: false })
    await say(client, 'echo dur""ing', 'during\r\n')
    await recorded.service.record({ id: guest, kind: 'shell' }, null)
    await client.until((c) => c.last('recording')?.on === false)
    await say(client, 'echo af""ter', 'after\r\n')
    await recorded.close()
    const [info, ...more] = await openedAgain(recorded)
    expect(more).toEqual([])
    expect(info).toMatchObject({ user: 'ada', people: ['admin'], input: false, guest, kind: 'shell' })
    const text = outputOf(recorded.events(info?.id ?? ''))
    // It begins with what the screen showed, without what was cleared from it.
    expect(text).toMatch(/^.*before\r\n.*during\r\n/s)
    expect(text).not.toMatch(/secret|after/)
  })

  it('is refused where the setting says so, and ended by it', async () => {
    const recorded = await run()
    const client = await recorded.view()
    const of = { id: guest, kind: 'shell' as const }
    await recorded.service.record(of, 'ada')
    await recorded.service.setRule(guest, { mode: 'off', input: false })
    await client.until((c) => c.last('recording')?.mode === 'off')
    expect(client.last('recording')?.on).toBe(false)
    await expect(recorded.service.record(of, 'ada')).rejects.toThrow('not recorded')
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    await expect(recorded.service.record(of, null)).rejects.toThrow('always recorded')
    await expect(recorded.service.record({ id: 'local~incus~other', kind: 'shell' }, 'ada')).rejects.toThrow('not open')
  })

  it('is readable for the server alone', async () => {
    const folder = temporary()
    const recorded = await run({}, folder)
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    await recorded.view().then((client) => say(client, 'echo a""b', 'ab\r\n'))
    const [{ id = '' } = {}] = await recorded.all()
    expect(statSync(join(folder, 'recordings')).mode & 0o777).toBe(0o700)
    expect(statSync(recorded.path(id)).mode & 0o777).toBe(0o600)
  })

  it('goes on in another file when it grows', async () => {
    const recorded = await run({ partBytes: 50_000 })
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    const client = await recorded.view()
    await say(client, 'seq 1 100000; echo do""ne', 'done\r\n')
    await recorded.close()
    const all = await openedAgain(recorded)
    expect(all.length).toBeGreaterThan(1)
    const text = all
      .toReversed()
      .map(({ id }) => outputOf(recorded.events(id)))
      .join('')
    expect(text).toContain(Array.from({ length: 100_000 }, (_, i) => `${i + 1}\r\n`).join(''))
  })

  it('does not hold the console back when its disk does not take it', async () => {
    const folder = temporary()
    const recorded = await run({}, folder)
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    rmSync(join(folder, 'recordings'), { recursive: true })
    const client = await recorded.view()
    await say(client, 'echo goes""on', 'goeson\r\n')
    await client.until((c) => c.last('recording')?.fault !== undefined)
    expect(client.last('recording')).toMatchObject({ on: false, fault: expect.stringContaining('cannot be written') })
    expect(recorded.faults.length).toBeGreaterThan(0)
  })
})

describe('a server that ends', () => {
  it('by a kill leaves a recording that reads, and the next one ends it', async () => {
    const folder = temporary()
    const recorded = await run({}, folder)
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    const client = await recorded.view()
    await say(client, 'echo kept""text', 'kepttext\r\n')
    const [{ id = '', startedAt = 0 } = {}] = await recorded.all()
    await recorded.close()
    // As a kill leaves it: no end in the row, half an event in the file.
    await editRow(folder, id)
    const whole = statSync(recorded.path(id)).size
    appendFileSync(recorded.path(id), '[99.5, "o", "half of')
    const [info] = await openedAgain(recorded)
    expect(statSync(recorded.path(id)).size).toBe(whole)
    expect(info?.seconds).toBeGreaterThan(0)
    expect(info?.seconds).toBeLessThan(90)
    expect(info?.endedAt).toBe(startedAt + (info?.seconds ?? 0) * 1000)
  })

  it('loses the row of a file that is gone', async () => {
    const folder = temporary()
    const recorded = await run({}, folder)
    await recorded.service.setRule(guest, { mode: 'always', input: false })
    await recorded.view().then((client) => say(client, 'echo a""b', 'ab\r\n'))
    const [{ id = '' } = {}] = await recorded.all()
    await recorded.close()
    await editRow(folder, id)
    rmSync(recorded.path(id))
    expect(await openedAgain(recorded)).toEqual([])
  })

  it('in order goes on with what somebody was recording', async () => {
    const folder = temporary()
    const first = await run({}, folder)
    const client = await first.view()
    await first.service.record({ id: guest, kind: 'shell' }, 'ada')
    await say(client, 'echo part""one', 'partone\r\n')
    await first.close()
    const second = await run({}, folder)
    const again = await second.view()
    expect(again.last('recording')).toMatchObject({ on: true, by: 'ada' })
    await say(again, 'echo part""two', 'parttwo\r\n')
    await second.close()
    const [b, a, ...more] = await openedAgain(second)
    expect(more).toEqual([])
    expect(outputOf(second.events(a?.id ?? ''))).toContain('partone')
    expect(outputOf(second.events(b?.id ?? ''))).toContain('parttwo')
    expect(a?.endedAt).toBeDefined()
  })
})

async function editRow(folder: string, id: string): Promise<void> {
  const db = await openDatabase(join(folder, 'bailiwick.db'), join(import.meta.dirname, '../../prisma/migrations'))
  await db.recording.update({ where: { id }, data: { endedAt: null, sizeBytes: 0, seconds: 0 } })
  await db.$disconnect()
}
