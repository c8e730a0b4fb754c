import { describe, expect, it } from 'vitest'
import type { RecordingState } from '../model/console'
import type { RecordRule } from '../model/recording'
import type { CastWriter } from './cast-writer'
import { Recorder } from './recorder'

type Told = Pick<CastWriter, 'event' | 'size'>

/** A recorder whose files are lists of events. */
function recorder(rule: RecordRule, screen?: () => Uint8Array) {
  const files: [string, string][][] = []
  const states: RecordingState[] = []
  const port = {
    onMoved: () => {},
    rule: () => rule,
    begin() {
      const events: [string, string][] = []
      files.push(events)
      const writer: Told = {
        event: (code, data) => void events.push([code, data]),
        get size() {
          return events.length
        },
      }
      return { id: String(files.length), writer }
    },
    end: async () => {},
    onPeople: () => {},
    onState: (state: RecordingState) => void states.push(state),
    onClose: () => {},
    screen,
    partBytes: 1_000_000,
  }
  return { made: new Recorder(port, { cols: 80, rows: 24 }), files, states, set: (next: RecordRule) => (rule = next) }
}
const bytes = (...all: number[]) => Uint8Array.from(all)

describe('what was printed', () => {
  it('is text, wherever its bytes are cut, and U+FFFD where it is none', () => {
    const { made, files } = recorder({ mode: 'always', input: false })
    const text = Buffer.from('aé日😀')
    for (const byte of text) made.output(Uint8Array.of(byte))
    made.output(bytes(0xff, 0x62))
    made.output(bytes(0xc3))
    made.output(bytes(0x0a))
    expect(files.map((events) => events.map(([, data]) => data).join(''))).toEqual(['aé日😀\ufffdb\ufffd\n'])
  })
  it('half a character at the end is not lost without a trace', async () => {
    const { made, files } = recorder({ mode: 'always', input: false })
    made.output(bytes(0x61, 0xc3))
    await made.close()
    expect(files[0]).toEqual([
      ['o', 'a'],
      ['o', '\ufffd'],
    ])
  })
  it('begins a file with the first byte, not before', () => {
    const { made, files } = recorder({ mode: 'always', input: false })
    made.resize(100, 30)
    expect([made.state.on, files.length]).toEqual([true, 0])
    made.output(bytes(0x61))
    expect(files).toEqual([[['o', 'a']]])
  })
})

describe('the setting', () => {
  it('is told when it changes, and a mark says when input begins', () => {
    const { made, files, states, set } = recorder({ mode: 'always', input: false })
    made.output(bytes(0x61))
    made.input(Buffer.from('x'), 'ada')
    set({ mode: 'always', input: true })
    made.ruleChanged()
    made.input(Buffer.from('ls'), 'ada')
    made.output(Buffer.from('ls'))
    made.input(Buffer.from('\r'), 'ada')
    expect(files[0]?.map(([code]) => code)).toEqual(['o', 'm', 'o', 'i'])
    expect(files[0]?.at(-1)).toEqual(['i', 'ls\r'])
    set({ mode: 'off', input: true })
    made.ruleChanged()
    made.output(bytes(0x62))
    expect(files).toHaveLength(1)
    expect(states.map(({ on, input, mode }) => [on, input, mode])).toEqual([
      [true, true, 'always'],
      [false, false, 'off'],
    ])
  })
  it('on demand records between two presses only', () => {
    const { made, files, states } = recorder({ mode: 'demand', input: false })
    made.output(bytes(0x61))
    made.ask('ada')
    made.output(bytes(0x62))
    made.ask(undefined)
    made.output(bytes(0x63))
    expect(files).toEqual([[['o', 'b']]])
    expect(states.map(({ on, by }) => [on, by])).toEqual([
      [true, 'ada'],
      [false, undefined],
    ])
  })
  it('on demand begins with what the screen showed, once, and only where a person asks', () => {
    const { made, files, set } = recorder({ mode: 'demand', input: false }, () => Buffer.from('before\r\n$ \xc3', 'latin1'))
    made.output(bytes(0x61))
    made.ask('ada')
    made.output(bytes(0xa9))
    made.output(bytes(0x62))
    expect(files).toEqual([
      [
        ['o', 'before\r\n$ '],
        ['o', 'é'],
        ['o', 'b'],
      ],
    ])
    made.ask(undefined)
    set({ mode: 'always', input: false })
    made.ruleChanged()
    made.output(bytes(0x63))
    expect(files[1]).toEqual([['o', 'c']])
  })
})
