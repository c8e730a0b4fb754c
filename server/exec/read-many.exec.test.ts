import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createLocalExec } from './local'
import { readMany } from './read-many'

const folder = mkdtempSync(join(tmpdir(), 'bailiwick-many-'))
const exec = createLocalExec()
afterAll(async () => {
  await exec.close()
  rmSync(folder, { recursive: true })
})

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

it('reads many files at once, byte for byte, and leaves out what is not there', async () => {
  const a = file('a', 'one\ntwo\n')
  const empty = file('empty', '')
  const open = file('open', 'no end of line')
  const lying = file('lying', `==> ${a} <==\nnot the head of a\n`)
  const found = await readMany(exec, [a, join(folder, 'missing'), empty, open, lying])
  expect([...found]).toEqual([
    [a, 'one\ntwo\n'],
    [empty, ''],
    [open, 'no end of line'],
    [lying, `==> ${a} <==\nnot the head of a\n`],
  ])
})

it('reads a single file, and nothing where there is none', async () => {
  const a = file('single', 'text\n')
  expect([...(await readMany(exec, [a]))]).toEqual([[a, 'text\n']])
  expect([...(await readMany(exec, [join(folder, 'missing')]))]).toEqual([])
  expect((await readMany(exec, ['/proc/stat', '/proc/meminfo'])).get('/proc/meminfo')).toContain('MemTotal:')
})
