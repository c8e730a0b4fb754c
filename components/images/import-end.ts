import { useEffect } from 'react'
import { useJob } from '@/components/live/live'
import { m } from '@/components/messages'
import { checksumTitle } from '@/server/model/image-store'
import type { JobSummary } from '@/server/model/job'

/** What became of an import. `sha256`: the words for the field of the checksum; `error`: those for the whole form. */
export type ImportEnd = { taken?: true; sha256?: string; error?: string }

/** Null while it is under way. */
export function importEnd({ state, error, title }: Pick<JobSummary, 'state' | 'error' | 'title'>): ImportEnd | null {
  if (state === 'queued' || state === 'running') return null
  if (state === 'done') return { taken: true }
  // A job's error begins with the title of the step that failed.
  if (error?.startsWith(`${checksumTitle}: exit code`)) return { sha256: m.image.sha256Differs }
  return { error: error ?? `${title}: ${m.jobState[state]}` }
}

/** Follows the job that takes an upload in. Returns whether it is under way; `onEnd` is called once. */
export function useTaking(id: string | null, onEnd: (end: ImportEnd) => void): boolean {
  const job = useJob(id ?? '')
  const end = id && job ? importEnd(job) : null
  // The end of this one job, and nothing that is drawn meanwhile.
  useEffect(() => {
    if (end) onEnd(end)
  }, [id, job?.state])
  return id !== null && end === null
}
