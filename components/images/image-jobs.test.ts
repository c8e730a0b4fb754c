import { expect, it } from 'vitest'
import { aJob } from '@/server/model/fixture-guest'
import { buildTitle } from '@/server/model/image-store'
import { isBeingBuilt } from './being-built'
import { importEnd } from './import-end'

it('knows the build that is under way by host, recipe and architecture', () => {
  const jobs = [aJob('1', { kind: 'image.build', title: buildTitle('tiny', 'x86_64') })]
  expect(isBeingBuilt(jobs, 'local', { recipe: 'tiny', arch: 'x86_64' })).toBe(true)
  expect(isBeingBuilt(jobs, 'local', { recipe: 'tiny', arch: 'aarch64' })).toBe(false)
  expect(isBeingBuilt(jobs, 'local', { recipe: 'debian-disk', arch: 'x86_64' })).toBe(false)
  expect(isBeingBuilt(jobs, 'other', { recipe: 'tiny', arch: 'x86_64' })).toBe(false)
})
it('tells a file that is not what its checksum says from other failures of an import', () => {
  const failed = (error?: string) => importEnd(aJob('1', { title: 'Import web', state: 'failed', error }))
  expect(failed('Compare the checksum: exit code 1: -: FAILED')).toEqual({ sha256: expect.stringContaining('another checksum') })
  expect(failed('Move it into the store: exit code 1: no room')).toEqual({ error: 'Move it into the store: exit code 1: no room' })
  expect(importEnd(aJob('1', { title: 'Import web', state: 'cancelled' }))).toEqual({ error: 'Import web: cancelled' })
  expect(importEnd(aJob('1'))).toBeNull()
  expect(importEnd(aJob('1', { state: 'done' }))).toEqual({ taken: true })
})
