import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { endOf, endWords } from './serve.mjs'

const wordsOf = async (script) => {
  const child = spawn('/bin/sh', ['-c', script], { stdio: 'ignore' })
  const end = endOf(...(await once(child, 'close')))
  return { code: end.code, words: endWords(end).join(' ') }
}

it('says that a server was killed, also where sudo tells it as a code', async () => {
  for (const script of ['kill -KILL $$', 'exit 137']) {
    const { code, words } = await wordsOf(script)
    expect(code).toBe(137)
    expect(words).toMatch(/was killed \(signal SIGKILL\).*Guests go on running/)
  }
  expect((await wordsOf('kill -SEGV $$')).words).toContain('ended by the signal SIGSEGV')
})
it('tells an end by itself by its code', async () => {
  expect(await wordsOf('exit 3')).toEqual({ code: 3, words: expect.stringContaining('ended with code 3') })
  expect(await wordsOf('exit 0')).toEqual({ code: 0, words: 'The server has ended.' })
})
