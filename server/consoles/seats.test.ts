import { beforeEach, describe, expect, it } from 'vitest'
import type { ConsoleServerMessage, ViewerMode } from '../model/console'
import { type Seated, Seats } from './seats'

type Person = Seated & { heard: ConsoleServerMessage[] }
const person = (id: string, mode: ViewerMode = 'type', link = false): Person => {
  const heard: ConsoleServerMessage[] = []
  return { id, name: id.toUpperCase(), mode, link, heard, tell: (message) => void heard.push(message) }
}

/** What somebody was last told of who sits where. */
const picture = ({ heard }: Person) => {
  const last = heard.findLast((message) => message.t === 'viewers')
  if (last?.t !== 'viewers') throw new Error('Nothing was told')
  return { writer: last.writer, asking: last.asking, offered: last.offered, viewers: last.viewers.map(({ id }) => id) }
}
const notices = ({ heard }: Person) => heard.flatMap((message) => (message.t === 'seat' ? [`${message.what} ${message.by}`] : []))

let seats: Seats<Person>
let ada: Person
let bob: Person
let eve: Person
let guest: Person
beforeEach(() => {
  seats = new Seats<Person>()
  ada = person('ada')
  bob = person('bob')
  eve = person('eve')
  guest = person('guest', 'watch')
  for (const each of [ada, bob, eve, guest]) seats.add(each)
  seats.tellViewers()
})

describe('who types', () => {
  it('is the first who may, and a watcher never', () => {
    const empty = new Seats<Person>()
    empty.add(guest)
    expect(empty.writer).toBeNull()
    empty.add(ada)
    empty.add(bob)
    expect(empty.writer).toBe('ada')
  })

  it('only: the others are told why not', () => {
    expect(seats.mayType(ada)).toBeUndefined()
    expect(seats.mayType(bob)).toBe('Another window is typing. Take control first.')
    expect(seats.mayType(guest)).toBe('You may watch this console, not type into it.')
    seats.remove(ada)
    expect(seats.mayType(bob)).toBe('Nobody is typing. Take control first.')
  })

  it('can be replaced by whoever may type, and learns who it was', () => {
    expect(seats.obey(bob, { t: 'take' })).toBeUndefined()
    expect(picture(eve)).toMatchObject({ writer: 'bob', viewers: ['ada', 'bob', 'eve', 'guest'] })
    expect(notices(ada)).toEqual(['taken BOB'])
    expect([...notices(bob), ...notices(eve)]).toEqual([])
  })

  it('hears nothing of its own taking, and keeps who asks it', () => {
    seats.obey(bob, { t: 'ask' })
    seats.obey(ada, { t: 'take' })
    expect(notices(ada)).toEqual([])
    expect(picture(ada).asking).toBe('bob')
  })

  it('leaves to nobody when nobody asked', () => {
    seats.remove(ada)
    expect(picture(bob)).toEqual({ writer: null, asking: null, offered: null, viewers: ['bob', 'eve', 'guest'] })
    expect(notices(bob)).toEqual([])
  })
})

describe('asking', () => {
  beforeEach(() => void seats.obey(bob, { t: 'ask' }))

  it('shows to all and changes nothing', () => {
    expect(picture(ada)).toMatchObject({ writer: 'ada', asking: 'bob' })
    expect(seats.mayType(bob)).toBeDefined()
  })

  it('is answered by giving', () => {
    expect(seats.obey(ada, { t: 'offer', to: 'bob' })).toBeUndefined()
    expect(picture(ada)).toMatchObject({ writer: 'bob', asking: null, offered: null })
    expect(notices(bob)).toEqual(['given ADA'])
    expect(notices(ada)).toEqual([])
  })

  it('is answered by "not now"', () => {
    expect(seats.obey(ada, { t: 'decline' })).toBeUndefined()
    expect(picture(bob)).toMatchObject({ writer: 'ada', asking: null })
    expect(notices(bob)).toEqual(['declined ADA'])
  })

  it('can be taken back', () => {
    seats.obey(bob, { t: 'decline' })
    expect(picture(ada).asking).toBeNull()
    expect([...notices(ada), ...notices(bob)]).toEqual([])
  })

  it('is one at a time', () => {
    expect(seats.obey(eve, { t: 'ask' })).toContain('asked already')
    expect(seats.obey(bob, { t: 'ask' })).toBeUndefined()
    expect(picture(ada).asking).toBe('bob')
    seats.obey(bob, { t: 'decline' })
    expect(seats.obey(eve, { t: 'ask' })).toBeUndefined()
    expect(picture(ada).asking).toBe('eve')
  })

  it('ends when the one who asked leaves', () => {
    seats.remove(bob)
    expect(picture(ada)).toMatchObject({ writer: 'ada', asking: null })
  })

  it('ends when somebody else takes over', () => {
    seats.obey(eve, { t: 'take' })
    expect(picture(bob)).toMatchObject({ writer: 'eve', asking: null })
  })

  it('gets the keyboard when the writer leaves', () => {
    seats.remove(ada)
    expect(picture(eve)).toMatchObject({ writer: 'bob', asking: null })
    expect(notices(bob)).toEqual(['given ADA'])
    expect(bob.heard.at(-1)).toMatchObject({ t: 'seat' })
  })

  it('is no use to the one who types', () => {
    expect(seats.obey(ada, { t: 'ask' })).toBe('You are typing already.')
  })

  it('gets what nobody has at once', () => {
    seats.remove(ada)
    seats.remove(bob)
    expect(seats.writer).toBeNull()
    seats.obey(eve, { t: 'ask' })
    expect(picture(eve)).toMatchObject({ writer: 'eve', asking: null })
  })
})

describe('offering', () => {
  beforeEach(() => void seats.obey(ada, { t: 'offer', to: 'bob' }))

  it('changes nothing until it is accepted', () => {
    expect(picture(bob)).toMatchObject({ writer: 'ada', offered: 'bob' })
    expect(seats.obey(bob, { t: 'accept' })).toBeUndefined()
    expect(picture(ada)).toMatchObject({ writer: 'bob', offered: null })
    expect(notices(ada)).toEqual([])
  })

  it('may be declined, which the writer learns', () => {
    seats.obey(bob, { t: 'decline' })
    expect(picture(ada)).toMatchObject({ writer: 'ada', offered: null })
    expect(notices(ada)).toEqual(['declined BOB'])
  })

  it('is accepted by asking, too', () => {
    seats.obey(bob, { t: 'ask' })
    expect(seats.writer).toBe('bob')
  })

  it('is for one only', () => {
    expect(seats.obey(eve, { t: 'accept' })).toContain('withdrawn')
    seats.obey(eve, { t: 'decline' })
    expect(picture(ada)).toMatchObject({ writer: 'ada', offered: 'bob' })
    seats.obey(ada, { t: 'offer', to: 'eve' })
    expect(seats.obey(bob, { t: 'accept' })).toContain('withdrawn')
    expect(picture(ada)).toMatchObject({ writer: 'ada', offered: 'eve' })
  })

  it.each([
    ['the writer thinks again', () => seats.obey(ada, { t: 'decline' })],
    ['the writer leaves', () => seats.remove(ada)],
    ['somebody takes over', () => seats.obey(eve, { t: 'take' })],
  ])('ends when %s', (_what, act) => {
    act()
    expect(picture(bob).offered).toBeNull()
    expect(seats.obey(bob, { t: 'accept' })).toContain('withdrawn')
    expect(seats.writer).not.toBe('bob')
  })

  it('ends when the other leaves', () => {
    seats.remove(bob)
    expect(picture(ada)).toMatchObject({ writer: 'ada', offered: null })
  })

  it('comes from the writer, to somebody who is here and may type', () => {
    expect(seats.obey(bob, { t: 'offer', to: 'eve' })).toBe('Only who types can offer control.')
    expect(seats.obey(ada, { t: 'offer', to: 'nobody' })).toContain('not here')
    expect(seats.obey(ada, { t: 'offer', to: 'ada' })).toContain('not here')
    expect(seats.obey(ada, { t: 'offer', to: 'guest' })).toBe('That viewer may only watch.')
    expect(picture(ada)).toMatchObject({ writer: 'ada', offered: 'bob' })
  })
})

describe('a watcher', () => {
  it.each([{ t: 'take' }, { t: 'ask' }, { t: 'offer', to: 'bob' }, { t: 'accept' }, { t: 'decline' }] as const)('may not $t', (message) => {
    seats.obey(bob, { t: 'ask' })
    expect(seats.obey(guest, message)).toContain('You may watch this console')
    expect(picture(ada)).toMatchObject({ writer: 'ada', asking: 'bob', offered: null })
    seats.remove(ada)
    seats.remove(bob)
    seats.remove(eve)
    expect(seats.obey(guest, message)).toContain('You may watch this console')
    expect(seats.writer).toBeNull()
  })

  it('by a link is seen by all and sees nobody', () => {
    const stranger = person('stranger', 'watch', true)
    seats.add(stranger)
    seats.obey(bob, { t: 'ask' })
    expect(picture(ada)).toMatchObject({ asking: 'bob', viewers: ['ada', 'bob', 'eve', 'guest', 'stranger'] })
    expect(picture(stranger)).toEqual({ writer: 'ada', asking: null, offered: null, viewers: ['stranger'] })
    seats.tell({ t: 'recording', on: true, input: false, by: 'ADA' })
    expect(stranger.heard.at(-1)).toEqual({ t: 'recording', on: true, input: false, by: undefined })
    expect(JSON.stringify(stranger.heard)).not.toMatch(/ADA|BOB/)
  })
})
