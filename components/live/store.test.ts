import { describe, expect, it, vi } from 'vitest'
import type { Picture } from '@/server/model/events'
import { aHost, aGuest as guest, aJob as job } from '@/server/model/fixture-guest'
import { comingId, LiveStore } from './store'

const picture = (change: Partial<Picture> = {}): Picture => ({
  seq: 1,
  hosts: [aHost('local')],
  guests: [guest('a'), guest('b')],
  images: [],
  jobs: [],
  user: { id: 'u', name: 'admin' },
  ...change,
})

describe('the live picture', () => {
  it('shows a guest that is being made until it is there, and tells once of each change', () => {
    const store = new LiveStore()
    store.load(picture())
    const told = vi.fn()
    store.subscribe('coming', told)
    const create = job('7', { kind: 'create', guest: 'local~libvirt~new' })
    store.putJob(create)
    store.putJob({ ...create, progressText: 'half' })
    store.putJob(job('8', { kind: 'create', guest: 'local~libvirt~a' }))
    expect(store.coming().map(({ id }) => id)).toEqual(['7'])
    expect(told).toHaveBeenCalledTimes(1)
    store.apply({ type: 'guest', guest: guest('new', { state: 'stopped' }) })
    expect(store.coming()).toEqual([])
    store.putJob(job('9', { kind: 'create', guest: 'local~libvirt~other' }))
    store.putJob(job('9', { kind: 'create', guest: 'local~libvirt~other', state: 'failed' }))
    expect(store.coming()).toEqual([])
    expect(told).toHaveBeenCalledTimes(4)
  })

  it('shows what is imported and what is copied as coming, by the id that it will have', () => {
    const store = new LiveStore()
    const clone = job('7', { kind: 'clone', guest: 'local~libvirt~a', makes: 'local~libvirt~copy' })
    const rename = job('9', { kind: 'rename', guest: 'local~libvirt~b', makes: 'local~libvirt~c' })
    store.load(picture({ jobs: [clone, job('8', { kind: 'import', guest: 'local~cbsd~old' }), rename] }))
    expect(store.coming().map(comingId)).toEqual(['local~libvirt~copy', 'local~cbsd~old'])
    store.apply({ type: 'guest', guest: guest('copy', { state: 'stopped' }) })
    expect(store.coming().map(comingId)).toEqual(['local~cbsd~old'])
  })

  it('holds the copy that a clone makes for busy, as much as the guest it is made of', () => {
    const store = new LiveStore()
    store.load(picture({ jobs: [job('7', { kind: 'clone', guest: 'local~libvirt~a', makes: 'local~libvirt~copy' })] }))
    store.apply({ type: 'guest', guest: guest('copy', { state: 'stopped' }) })
    expect(store.activeJob('local~libvirt~copy')?.id).toBe('7')
    store.putJob(job('7', { kind: 'clone', guest: 'local~libvirt~a', makes: 'local~libvirt~copy', state: 'done' }))
    expect(store.activeJob('local~libvirt~copy')).toBeUndefined()
    expect(store.activeJob('local~libvirt~a')).toBeUndefined()
  })

  it('tells only the listeners of the guest that changed', () => {
    const store = new LiveStore()
    store.load(picture())
    const a = vi.fn()
    const b = vi.fn()
    store.subscribe('guest:local~libvirt~a', a)
    store.subscribe('guest:local~libvirt~b', b)
    const before = store.guest('local~libvirt~b')
    store.apply({ type: 'guest', guest: guest('a', { state: 'stopped' }) })
    expect(a).toHaveBeenCalledTimes(1)
    expect(b).not.toHaveBeenCalled()
    expect(store.guest('local~libvirt~b')).toBe(before)
  })

  it('keeps lists the same object until something in them changes', () => {
    const store = new LiveStore()
    store.load(picture())
    const guests = store.guests()
    expect(store.guests()).toBe(guests)
    store.apply({ type: 'host', host: aHost('local', { state: 'down' }) })
    expect(store.guests()).toBe(guests)
    store.apply({ type: 'guest.removed', id: 'local~libvirt~a' })
    expect(store.guests().map((each) => each.name)).toEqual(['b'])
  })

  it('takes the guests of a removed host away with it', () => {
    const store = new LiveStore()
    store.load(picture({ guests: [guest('a'), guest('c', { id: 'other~libvirt~c', host: 'other' })] }))
    store.apply({ type: 'host.removed', id: 'local' })
    expect(store.guests().map((each) => each.id)).toEqual(['other~libvirt~c'])
  })

  it('knows the job under way about a guest, until it ends', () => {
    const store = new LiveStore()
    store.load(picture())
    const heard = vi.fn()
    store.subscribe('guest:local~libvirt~a', heard)
    store.apply({ type: 'job', job: job('5', { guest: 'local~libvirt~a' }) })
    expect(store.activeJob('local~libvirt~a')?.id).toBe('5')
    store.apply({ type: 'job', job: job('5', { guest: 'local~libvirt~a', state: 'done' }) })
    expect(store.activeJob('local~libvirt~a')).toBeUndefined()
    expect(heard).toHaveBeenCalledTimes(2)
  })

  it('does not let a late answer bring an ended job back to life', () => {
    const store = new LiveStore()
    store.load(picture())
    store.apply({ type: 'job', job: job('5', { state: 'failed' }) })
    store.putJob(job('5', { state: 'running' }))
    expect(store.job('5')?.state).toBe('failed')
  })

  it('forgets what a new picture no longer holds and tells its listeners', () => {
    const store = new LiveStore()
    store.load(picture())
    const heard = vi.fn()
    store.subscribe('guest:local~libvirt~a', heard)
    store.load(picture({ guests: [guest('b')] }))
    expect(store.guest('local~libvirt~a')).toBeUndefined()
    expect(heard).toHaveBeenCalled()
  })

  it('stays ready when a later fetch fails: old words are better than none', () => {
    const store = new LiveStore()
    store.load(picture())
    store.fail(new Error('gone'))
    expect(store.phase).toBe('ready')
    const fresh = new LiveStore()
    fresh.fail(new Error('gone'))
    expect(fresh.phase).toBe('failed')
  })
})
