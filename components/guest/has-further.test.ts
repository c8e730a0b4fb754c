import { describe, expect, it } from 'vitest'
import type { EngineInfo } from '@/server/model/capability'
import { withoutFurther } from '@/server/model/operation'
import { hasFurther } from './has-further'

const info = (operations: EngineInfo['operations']): EngineInfo => ({
  kind: 'cbsd',
  name: 'CBSD',
  version: '14',
  details: [],
  guestTypes: {},
  arches: [],
  operations,
})

describe('the further parts of a guest', () => {
  it('are left out where the engine has none of them', () => {
    expect(hasFurther(info(withoutFurther('libvirt has no such thing')))).toBe(false)
    expect(hasFurther(info({ ...withoutFurther('libvirt has no such thing'), start: 'This one forgets everything' }))).toBe(false)
    expect(hasFurther(undefined)).toBe(false)
  })

  it('are shown where one of them works', () => {
    expect(hasFurther(info({ ...withoutFurther('no'), export: true }))).toBe(true)
    expect(hasFurther(info({}))).toBe(true)
  })

  it('are shown with their reason to somebody who may change nothing', () => {
    expect(hasFurther(info({ ...withoutFurther('Only root may'), start: 'Only root may' }))).toBe(true)
  })
})
