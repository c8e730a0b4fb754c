import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inClone } from './paths.mjs'
import { closure, importedBy, packageOf, prebuilt } from './release-packages.mjs'

describe('packages of a release', () => {
  it('are read from the imports of the built server', () => {
    const code = [
      'import { a } from "zod";',
      'import b, { c } from "@trpc/server/adapters/ws";',
      'import "pino";',
      'import { join } from "node:path";',
      'const { default: next } = await import("next");',
      'const text = "from nowhere";',
      'export * from "./own.js";',
    ].join('\n')
    expect(importedBy(code)).toEqual(['@trpc/server', 'next', 'pino', 'zod'])
  })

  it('are named without what is below them', () => {
    expect(packageOf('@prisma/client/runtime/client')).toBe('@prisma/client')
    expect(packageOf('next/dist/server')).toBe('next')
    expect(packageOf('node:fs')).toBeNull()
    expect(packageOf('./x.js')).toBeNull()
  })

  it('take the nearest version, all dependencies and nothing optional', () => {
    const lock = {
      packages: {
        'node_modules/a': { dependencies: { b: '1', c: '1' }, optionalDependencies: { compiler: '1' } },
        'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
        'node_modules/b': {},
        'node_modules/c': { dependencies: { a: '1', 'prebuild-install': '1' } },
        'node_modules/compiler': {},
        'node_modules/prebuild-install': {},
      },
    }
    expect(closure(lock, ['a'])).toEqual(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c'])
    expect(() => closure(lock, ['absent'])).toThrow('has no absent')
  })

  it('of this project are no development ones', () => {
    const lock = JSON.parse(readFileSync(inClone('package-lock.json'), 'utf8'))
    const kept = closure(lock, Object.keys(lock.packages[''].dependencies))
    expect(kept.filter((path) => lock.packages[path].dev || lock.packages[path].devOptional)).toEqual([])
    expect(kept.filter((path) => /swc-|sharp|esbuild|typescript/.test(path))).toEqual([])
    // Each prebuilt one is in the lock, so that its bytes can be checked.
    for (const name of prebuilt) expect(lock.packages[`node_modules/${name}`]?.integrity).toMatch(/^sha512-/)
  })
})
