import { z } from 'zod'
import type { Exec } from '@/server/exec/types'
import type { ContainerEngine } from './plan-debian-container'

const target = z.object({ target: z.string().regex(/^[0-9a-f]{64}$/) })
const facts = z.object({ size: z.int().min(0) })

/** Bytes that Incus or LXD keeps for an alias (its /1.0/images API), or null when it does not tell. */
export async function aliasSize(exec: Exec, { program, env }: ContainerEngine, alias: string): Promise<number | null> {
  const query = async (path: string): Promise<unknown> => JSON.parse(await exec.read([program, 'query', path], { env, timeoutMs: 10_000 }))
  try {
    const found = target.parse(await query(`/1.0/images/aliases/${encodeURIComponent(alias)}`))
    return facts.parse(await query(`/1.0/images/${found.target}`)).size
  } catch {
    return null
  }
}
