import type { Guest } from '@/server/model/guest'

/**
 * Until when nothing can be known of a guest's figures, ms since 1970: they are in the server's memory, and it started within the
 * span of the graphs. Null where nothing is missing: the server is older, or the guest was not running then.
 */
export function unknownUntil(
  since: number | undefined,
  { state, startedAt }: Pick<Guest, 'state' | 'startedAt'>,
  { now, spanMs }: { now: number; spanMs: number },
): number | null {
  if (since === undefined || since <= now - spanMs || state === 'stopped') return null
  return startedAt !== undefined && startedAt >= since ? null : since
}
