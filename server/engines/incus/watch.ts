import type { EngineContext, HostEvent } from '@/server/engines/types'
import type { GuestState } from '@/server/model/guest'
import { lifecycleEvent } from './api'
import type { Client } from './client'

/** What an event says of the state by itself. */
const states: Record<string, GuestState> = {
  started: 'running',
  restarted: 'running',
  resumed: 'running',
  paused: 'paused',
  stopped: 'stopped',
  shutdown: 'stopped',
}

/** The guests that a line of `monitor --format=json` is about; empty for other things and for blank lines. */
export function readEvent(line: string): HostEvent[] {
  if (line.trim() === '') return []
  const parsed = lifecycleEvent.safeParse(JSON.parse(line))
  if (!parsed.success || (parsed.data.project ?? 'default') !== 'default') return []
  const { action, source, context } = parsed.data.metadata
  // Seen with 6.0.4: snapshot events have no name of their own, only the address of the snapshot.
  const name = /^\/1\.0\/(?:instances|containers|virtual-machines)\/([^/?]+)/.exec(source)?.[1]
  if (!name) return []
  const what = action.replace(/^(instance|container|virtual-machine)-/, '')
  const state = states[what]
  const event: HostEvent = {
    name: decodeURIComponent(name),
    what,
    ...(state && { state }),
    ...(what === 'restarted' && { rebooted: true }),
  }
  return context?.old_name ? [{ name: context.old_name, what: event.what }, event] : [event]
}

/** Follows the daemon's lifecycle events. Seen: 0 to 12 ms after the change. Consoles and commands run are no changes. */
export async function* watch(client: Client, context: EngineContext, signal: AbortSignal): AsyncGenerator<HostEvent> {
  const quiet = new Set(['exec', 'console', 'console-retrieved', 'console-reset', 'file-retrieved', 'log-retrieved', 'metadata-retrieved'])
  const argv = client.argv('monitor', '--format=json', '--type=lifecycle')
  for await (const line of context.exec.lines(argv, { signal, env: client.env }))
    for (const event of readEvent(line)) if (!quiet.has(event.what)) yield event
}
