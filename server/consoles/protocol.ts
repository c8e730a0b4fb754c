import { z } from 'zod'
import type { ConsoleClientMessage } from '../model/console'

const seq = z.int().min(0)
const cols = z.int().min(2, 'At least 2 columns').max(1000, 'At most 1000 columns')
const rows = z.int().min(1, 'At least 1 row').max(1000, 'At most 1000 rows')

const clientMessage: z.ZodType<ConsoleClientMessage> = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ack'), seq, window: z.int().min(0).optional() }),
  z.object({ t: z.literal('resize'), cols, rows }),
  z.object({ t: z.literal('secret'), on: z.boolean() }),
  z.object({ t: z.literal('take') }),
  z.object({ t: z.literal('ask') }),
  z.object({ t: z.literal('offer'), to: z.string().max(64) }),
  z.object({ t: z.literal('accept') }),
  z.object({ t: z.literal('decline') }),
  z.object({ t: z.literal('reconnect') }),
  z.object({ t: z.literal('ping') }),
])

/** A text frame of a client, or in words what is wrong with it. */
export function parseClientMessage(text: string): ConsoleClientMessage | { wrong: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { wrong: 'The message is not JSON' }
  }
  const parsed = clientMessage.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return { wrong: `${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'not valid'}` }
}

const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
const attachQuery = z.object({
  from: number.optional().catch(undefined),
  session: z.string().max(64).optional().catch(undefined),
  cols: number.pipe(cols).optional().catch(undefined),
  rows: number.pipe(rows).optional().catch(undefined),
})

/** Where a client wants to go on (`from`, and of which `session`) and the size of its glass. What is not valid counts as absent. */
export type AttachQuery = z.infer<typeof attachQuery>

/** Reads the query of a /ws/console address. */
export function parseAttachQuery(url: string): AttachQuery {
  const query = new URL(url, 'http://localhost').searchParams
  return attachQuery.parse(Object.fromEntries(query))
}
