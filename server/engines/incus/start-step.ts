import type { Step } from '@/server/model/plan'
import type { Client } from './client'

/** Starts an instance. Why one does not start is in its log, which is gone once a failed create was undone: so it is read first. */
export const startStep = (client: Client, name: string): Step => ({
  title: `Start ${name}`,
  argv: client.argv('start', name),
  env: client.env,
  timeoutMs: 120_000,
  explain: client.argv('info', '--show-log', name),
})
