import { describe, expect, it } from 'vitest'
import { layoutOf } from './layouts/layouts'
import { planLayout, planText, typeOut } from './type-out'

describe('planText', () => {
  it.each([
    ['cr', 'a\rb\r'],
    ['lf', 'a\nb\n'],
    ['crlf', 'a\r\nb\r\n'],
  ] as const)('ends lines as asked: %s', (lineEnd, expected) => {
    const { pieces } = planText('a\r\nb\n', lineEnd)
    expect(pieces.map(({ text }) => text).join('')).toBe(expected)
    expect(pieces.map(({ line }) => line)).toEqual([false, true, false, true])
  })
  it('leaves control characters out and says which', () => {
    const { pieces, missing } = planText('a\x1b[201~\x03\tb\x9b\x7f', 'cr')
    expect(pieces.map(({ text }) => text).join('')).toBe('a[201~\tb')
    expect(missing).toEqual(['\x1b', '\x03', '\x9b', '\x7f'])
  })
})

const collect = () => {
  const sent: string[] = []
  return { sent, port: { kind: 'text' as const, send: (text: string) => void sent.push(text) } }
}
const signal = new AbortController().signal

describe('typeOut', () => {
  it('sends all, in order, and stops at the end of each line', async () => {
    const { sent, port } = collect()
    const progress: number[] = []
    const text = 'first line\nsecond\n\nend'
    await typeOut(planText(text, 'lf').pieces, port, { rate: 100_000, signal, onProgress: (done) => progress.push(done) })
    expect(sent.join('')).toBe(text)
    for (const part of sent) expect(part.indexOf('\n')).toBeOneOf([-1, part.length - 1])
    expect(progress.at(-1)).toBe(text.length)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  })

  it('never sends more at once than a serial port holds, and takes the time that its rate says', async () => {
    const { sent, port } = collect()
    const began = performance.now()
    await typeOut(planText('x'.repeat(400), 'cr').pieces, port, { rate: 2000, signal, onProgress: () => {} })
    expect(performance.now() - began).toBeGreaterThanOrEqual(180)
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThanOrEqual(16)
  })

  it('waits for the port, and stops where it is when cancelled', async () => {
    const cancel = new AbortController()
    let sent = ''
    let told = 0
    const port = {
      kind: 'text' as const,
      async send(text: string, signal: AbortSignal) {
        sent += text
        if (sent.endsWith('\n')) cancel.abort(new Error('cancelled'))
        // As one that waits for the guest's answer to what it has sent.
        signal.throwIfAborted()
      },
    }
    const onProgress = (done: number) => {
      told = done
    }
    const typing = typeOut(planText('one\ntwo', 'lf').pieces, port, { rate: 1000, signal: cancel.signal, onProgress })
    await expect(typing).rejects.toThrow('cancelled')
    expect(sent).toBe('one\n')
    expect(told, 'what was sent counts as typed').toBe(4)
  })

  it('ends when the port refuses', async () => {
    const port = { kind: 'text' as const, send: () => Promise.reject(new Error('Somebody else is typing')) }
    const typing = typeOut(planText('x', 'cr').pieces, port, { rate: 10, signal, onProgress: () => {} })
    await expect(typing).rejects.toThrow('Somebody else is typing')
  })

  it('sends the keys of one character after the other', async () => {
    const { pieces, missing } = planLayout('ê@', layoutOf('fr'), {})
    expect(missing).toEqual([])
    const sent: string[][] = []
    const port = { kind: 'keys' as const, send: (strokes: { code: string }[]) => void sent.push(strokes.map(({ code }) => code)) }
    await typeOut(pieces, port, { rate: 1000, signal, onProgress: () => {} })
    expect(sent).toEqual([['BracketLeft', 'KeyE'], ['Digit0']])
  })
})
