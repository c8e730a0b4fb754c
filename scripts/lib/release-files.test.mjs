import { expect, it } from 'vitest'
import { keepsFile, keepsPage } from './release-files.mjs'

const traced = new Set(['next/dist/compiled/ws/index.js', 'next/dist/server/next-server.js'])

it('keeps of Next what its trace lists, and leaves its compilers out', () => {
  expect(keepsFile('next', 'dist/compiled/ws/index.js', traced)).toBe(true)
  expect(keepsFile('next', 'dist/server/next.js', traced)).toBe(true)
  expect(keepsFile('next', 'dist/compiled/terser/bundle.min.js', traced)).toBe(false)
  expect(keepsFile('next', 'dist/compiled/next-server/app-page.runtime.dev.js', traced)).toBe(false)
  expect(keepsFile('next', 'dist/compiled/find-up/index.js', traced)).toBe(true)
  expect(keepsFile('next', 'dist/esm/server/next.js', traced)).toBe(false)
  expect(keepsFile('next', 'dist/server/next.js.map', traced)).toBe(false)
})

it('keeps the one query compiler that is used', () => {
  expect(keepsFile('@prisma/client', 'runtime/query_compiler_small_bg.sqlite.wasm-base64.mjs', traced)).toBe(true)
  expect(keepsFile('@prisma/client', 'runtime/query_compiler_fast_bg.mysql.wasm-base64.mjs', traced)).toBe(false)
  expect(keepsFile('@prisma/client', 'runtime/client.mjs', traced)).toBe(true)
})

it('keeps what compiling needs, and every licence', () => {
  for (const path of ['binding.gyp', 'src/unix/pty.cc', 'lib/index.js', 'package.json'])
    expect(keepsFile('node-pty', path, traced)).toBe(true)
  expect(keepsFile('node-pty', 'prebuilds/win32-x64/pty.node', traced)).toBe(false)
  expect(keepsFile('better-sqlite3', 'deps/sqlite3/sqlite3.c', traced)).toBe(true)
  expect(keepsFile('zod', 'LICENSE', traced)).toBe(true)
  expect(keepsFile('zod', 'README.md', traced)).toBe(false)
  expect(keepsFile('zod', 'index.d.cts', traced)).toBe(false)
})

it('leaves caches and traces out of the pages', () => {
  for (const path of ['BUILD_ID', 'server/app/page.js', 'static/chunks/a.js', 'required-server-files.json'])
    expect(keepsPage(path)).toBe(true)
  for (const path of ['cache/x', 'trace', 'required-server-files.js', 'server/app/page.js.nft.json', 'types/a.ts'])
    expect(keepsPage(path)).toBe(false)
})
