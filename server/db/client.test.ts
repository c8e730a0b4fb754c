import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from './client'

test('a closed database is one file, also when somebody asks afterwards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'database-'))
  try {
    const db = await openDatabase(join(folder, 'a.db'), join(process.cwd(), 'prisma/migrations'))
    expect(await db.job.count()).toBe(0)
    expect(readdirSync(folder)).toContain('a.db-wal')
    await db.$disconnect()
    expect(readdirSync(folder)).toEqual(['a.db'])
    await expect(db.job.count()).rejects.toThrow(/The server is stopping/)
    expect(readdirSync(folder)).toEqual(['a.db'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
