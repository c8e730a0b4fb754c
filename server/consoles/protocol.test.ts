import { describe, expect, it } from 'vitest'
import { parseAttachQuery, parseClientMessage } from './protocol'

describe('parseClientMessage', () => {
  it.each([
    { t: 'ack', seq: 5 },
    { t: 'ack', seq: 5, window: 65536 },
    { t: 'resize', cols: 80, rows: 24 },
    { t: 'take' },
    { t: 'secret', on: true },
    { t: 'reconnect' },
    { t: 'ping' },
  ])('takes %j', (message) => {
    expect(parseClientMessage(JSON.stringify(message))).toEqual(message)
  })

  it.each([
    ['', 'JSON'],
    ['{"t":"ack","seq":', 'JSON'],
    ['[]', ''],
    ['{"t":"run","argv":["id"]}', 't'],
    ['{"t":"ack","seq":-1}', 'seq'],
    ['{"t":"ack","seq":1.5}', 'seq'],
    ['{"t":"ack","seq":"9"}', 'seq'],
    ['{"t":"resize","cols":80}', 'rows'],
    ['{"t":"resize","cols":1e9,"rows":24}', 'cols'],
    ['{"t":"resize","cols":0,"rows":24}', 'cols'],
  ])('refuses %s and names what is wrong', (text, named) => {
    const parsed = parseClientMessage(text)
    expect(parsed).toHaveProperty('wrong')
    expect('wrong' in parsed && parsed.wrong).toContain(named)
  })
})

describe('parseAttachQuery', () => {
  it('reads where to go on and how large the glass is', () => {
    expect(parseAttachQuery('/ws/console?guest=x&kind=shell&from=12&session=ab&cols=100&rows=30')).toEqual({
      from: 12,
      session: 'ab',
      cols: 100,
      rows: 30,
    })
  })
  it('takes what is not valid for absent', () => {
    const query = parseAttachQuery('/ws/console?from=-1&cols=99999&rows=abc')
    expect([query.from, query.cols, query.rows]).toEqual([undefined, undefined, undefined])
  })
})
