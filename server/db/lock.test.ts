import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockData } from './lock'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('a data folder belongs to one server at a time', async () => {
  const release = await lockData(folder)
  await expect(lockData(folder, 0)).rejects.toThrow(/^Another Bailiwick is running with /)
  await release()
  await (await lockData(folder))()
})
