import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { ExecError } from '@/server/exec/error'
import { type Instance, instance } from './api'
import type { Client } from './client'

const everything = z.array(instance)
const attempts = 6
const pauseMs = 60

const said = (error: unknown, words: RegExp): boolean => error instanceof ExecError && error.reason === 'exit' && words.test(error.message)

/**
 * Reads with states; again when the daemon stumbled over a guest that was just starting or stopping, and at last without states.
 * Seen with 6.0.4: every second list failed with "Invalid PID" while two containers were made and removed in a loop.
 */
async function steady<T>(client: Client, full: string, plain: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await client.query(full, schema, signal)
    } catch (error) {
      if (!said(error, /Invalid PID/)) throw error
      await delay(pauseMs, undefined, { signal })
    }
  }
  return client.query(plain, schema, signal)
}

/** True for the husk that the daemon lists for a guest that it could not load: being made, being removed, or broken for good. */
const isHusk = (found: Instance): boolean => found.status === 'Error' && Object.keys(found.expanded_config).length === 0

/** One instance with its state and snapshots, or null when there is none of that name. */
export async function readOne(client: Client, name: string, signal: AbortSignal): Promise<Instance | null> {
  try {
    return await steady(client, `/1.0/instances/${name}?recursion=1`, `/1.0/instances/${name}`, instance, signal)
  } catch (error) {
    if (said(error, /not found/i)) return null
    throw error
  }
}

/** Every instance of the daemon. Husks are asked for by themselves: one that is gone by then is left out, one that stays broken is kept. */
export async function readAll(client: Client, signal: AbortSignal): Promise<Instance[]> {
  const found = await steady(client, '/1.0/instances?recursion=2', '/1.0/instances?recursion=1', everything, signal)
  const looked = found.map((each) => (isHusk(each) ? readOne(client, each.name, signal).catch(() => each) : each))
  return (await Promise.all(looked)).filter((each) => each !== null)
}
