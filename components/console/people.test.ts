import { describe, expect, it } from 'vitest'
import type { ConsoleView } from './connection'
import { matterOf, peopleOf } from './people'

const view = (change: Partial<ConsoleView>): ConsoleView => ({
  link: 'open',
  reason: '',
  signedOut: false,
  retryAt: null,
  me: 'a',
  writer: 'b',
  viewers: [
    { id: 'b', name: 'bob', mode: 'type' },
    { id: 'w', name: 'Watch link of ada', mode: 'watch' },
    { id: 'x', name: 'ada', mode: 'type' },
    { id: 'a', name: 'ada', mode: 'type' },
  ],
  mode: 'type',
  asking: null,
  offered: null,
  seat: null,
  recording: { on: false, input: false },
  session: { state: 'attached', text: '' },
  cols: 80,
  rows: 24,
  earlier: 0,
  error: '',
  ...change,
})
const lines = (change: Partial<ConsoleView>) =>
  peopleOf(view(change)).map(({ label, does, action }) => [label, does, action].filter(Boolean).join(', '))

describe('who is here', () => {
  it('begins with me, then who types, and tells my windows apart', () => {
    expect(lines({})).toEqual(['ada (you), watches', 'bob, types', 'Watch link of ada, may only watch', 'ada (your other window), watches'])
  })

  it('lets only who types give and offer, and never to watchers', () => {
    expect(lines({ writer: 'a', asking: 'b', offered: 'x' })).toEqual([
      'ada (you), types',
      'bob, asks for control, give',
      'Watch link of ada, may only watch',
      'ada (your other window), is offered control, withdraw',
    ])
    expect(lines({ writer: 'a' })[1]).toBe('bob, watches, offer')
  })
})

describe('what concerns me', () => {
  it.each([
    ['nothing', {}, null],
    ['nothing while it is not connected', { link: 'lost', offered: 'a' }, null],
    ['who asks me', { writer: 'a', asking: 'b' }, { kind: 'asked', by: 'bob', id: 'b' }],
    ['not who asks another', { asking: 'x' }, null],
    ['what I am offered', { offered: 'a' }, { kind: 'offered', by: 'bob' }],
    ['not what another is offered', { offered: 'x' }, null],
    ['what I asked', { asking: 'a' }, { kind: 'waiting', by: 'bob' }],
    ['another window of mine that asks', { writer: 'a', asking: 'x' }, { kind: 'asked', by: 'your other window', id: 'x' }],
    ['what another window of mine did', { seat: { what: 'taken', by: 'ada' } }, { kind: 'seat', what: 'taken', by: 'your other window' }],
    ['who took it from me', { seat: { what: 'taken', by: 'bob' } }, { kind: 'seat', what: 'taken', by: 'bob' }],
    ['a question before old news', { writer: 'a', asking: 'b', seat: { what: 'given', by: 'bob' } }, { kind: 'asked', by: 'bob', id: 'b' }],
  ] as const)('is %s', (_what, change, wanted) => {
    expect(matterOf(view({ ...change, seat: 'seat' in change ? { ...change.seat } : null }))).toEqual(wanted)
  })
})
