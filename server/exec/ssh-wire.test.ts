import { describe, expect, it } from 'vitest'
import { Frames, pack, Unpack } from './ssh-wire'

describe('messages', () => {
  it('are read as they were packed', () => {
    const rest = new Unpack(pack(7, 'text ä', Buffer.of(0, 255), true, 4_000_000_000))
    expect([rest.number(), rest.text(), [...rest.data()], rest.byte(), rest.number()]).toEqual([7, 'text ä', [0, 255], 1, 4_000_000_000])
  })
  it('that are too short are errors', () => {
    expect(() => new Unpack(pack(9)).data()).toThrow(RangeError)
    expect(() => new Unpack(Buffer.of(0, 0)).number()).toThrow(RangeError)
  })
})

describe('frames', () => {
  const messages = [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(70_000, 'x'), Buffer.from('end')]
  const bytes = Buffer.concat(messages.map((message) => pack(message)))
  it.each([1, 2, 3, 5, 4096, 1_000_000])('are found in pieces of %i bytes', (size) => {
    const found: Buffer[] = []
    const frames = new Frames(100_000, (frame) => found.push(Buffer.from(frame)))
    for (let at = 0; at < bytes.length; at += size) frames.add(bytes.subarray(at, at + size))
    expect(found.map((frame) => frame.length)).toEqual(messages.map((message) => message.length))
    expect(Buffer.concat(found).equals(Buffer.concat(messages))).toBe(true)
  })
  it('that are too long are errors', () => {
    expect(() => new Frames(10, () => {}).add(pack(Buffer.alloc(11)))).toThrow(RangeError)
  })
})
