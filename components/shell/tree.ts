import { comingId } from '@/components/live/store'
import { type Guest, parseGuestId } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { JobSummary } from '@/server/model/job'

export type TreeRow =
  | { kind: 'host'; host: HostView; count: number; open: boolean }
  | { kind: 'guest'; guest: Guest }
  | { kind: 'coming'; job: JobSummary; name: string }

const byName = new Intl.Collator('en', { numeric: true }).compare

/** The rows of the tree as one flat list, so that only those in sight are drawn. A filter opens every host that holds a match. */
export function treeRows(
  hosts: readonly HostView[],
  guests: readonly Guest[],
  folded: ReadonlySet<string>,
  filter: string,
  coming: readonly JobSummary[] = [],
  /** Also guests that their engine hides; else only the one whose page is open. */
  shown: { hidden: boolean; here?: string } = { hidden: false },
): TreeRow[] {
  const wanted = filter.trim().toLowerCase()
  const perHost = new Map<string, Guest[]>()
  for (const guest of guests) {
    if (guest.hidden && !shown.hidden && guest.id !== shown.here) continue
    if (wanted && !guest.name.toLowerCase().includes(wanted)) continue
    const list = perHost.get(guest.host)
    if (list) list.push(guest)
    else perHost.set(guest.host, [guest])
  }
  const rows: TreeRow[] = []
  for (const host of [...hosts].sort((a, b) => byName(a.name, b.name))) {
    const own = perHost.get(host.id) ?? []
    const made = coming.flatMap((job) => {
      const name = parseGuestId(comingId(job) ?? '')?.name ?? ''
      return job.host === host.id && name.toLowerCase().includes(wanted) ? [{ kind: 'coming' as const, job, name }] : []
    })
    if (wanted && own.length + made.length === 0 && !host.name.toLowerCase().includes(wanted)) continue
    const open = wanted !== '' || !folded.has(host.id)
    rows.push({ kind: 'host', host, count: own.length + made.length, open })
    if (open) rows.push(...made)
    if (open) for (const guest of own.sort((a, b) => byName(a.name, b.name))) rows.push({ kind: 'guest', guest })
  }
  return rows
}
