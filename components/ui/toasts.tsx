'use client'
import { useEffect, useSyncExternalStore } from 'react'
import { useHost, useJob } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { m } from '@/components/messages'
import { foundFault, testKind } from '@/server/model/job'
import { AppLink } from './link'

type Toast = { key: number; job?: string; text: string; bad?: boolean }

let toasts: Toast[] = []
let next = 1
const listeners = new Set<() => void>()
const none: Toast[] = []
const set = (list: Toast[]) => {
  toasts = list
  for (const listener of listeners) listener()
}

/** Says something in the corner and to screen readers. With a job, it follows that job to its end. */
export function toast(text: string, options: { job?: string; bad?: boolean } = {}): void {
  set([...toasts.slice(-3), { key: next++, text, ...options }])
}
const dismiss = (key: number) => set(toasts.filter((each) => each.key !== key))

export function Toasts() {
  const list = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
    () => none,
  )
  return (
    <section
      aria-label={m.toast.region}
      aria-live="polite"
      // Over what nobody works in: the foot of the tree, or on a phone the bar on top. Consoles and buttons stay free.
      className="fixed z-40 flex flex-col gap-2 max-md:inset-x-1 max-md:top-1 md:bottom-2 md:left-2 md:w-[212px]"
    >
      {list.map((each) => (
        <One key={each.key} toast={each} />
      ))}
    </section>
  )
}

function One({ toast: { key, text, job: jobId, bad } }: { toast: Toast }) {
  const job = useJob(jobId ?? '')
  const failed = bad || job?.state === 'failed' || job?.state === 'interrupted'
  const busy = job ? isActive(job) : false
  // The test of KVM is done when it has found something out; what that is matters more.
  const found = useHost(job?.kind === testKind && job.state === 'done' ? job.host : '')?.accelerator
  const fault = job ? foundFault(job) : false
  useEffect(() => {
    if (busy || failed || fault) return
    const timer = setTimeout(() => dismiss(key), 5000)
    return () => clearTimeout(timer)
  }, [busy, failed, fault, key])
  return (
    <div
      className={`flex items-start gap-2 rounded-md border bg-raised px-3 py-2 shadow-xl ${failed ? 'border-bad' : fault ? 'border-warn' : 'border-line-strong'}`}
    >
      <span aria-hidden className={failed ? 'text-bad' : busy ? 'turning text-busy' : fault ? 'text-warn' : 'text-ok'}>
        {failed ? '✕' : busy ? '◌' : fault ? '▲' : '✓'}
      </span>
      <div className="min-w-0 flex-1 break-words">
        {job ? `${job.title}: ${found ? m.host.found(found) : m.jobState[job.state]}` : text}
        {job?.error && <div className="text-muted text-sm">{job.error}</div>}
        {jobId && (
          <AppLink href={`/jobs/${jobId}`} className="ml-2 text-accent hover:underline">
            {m.toast.job}
          </AppLink>
        )}
      </div>
      <button type="button" aria-label={m.toast.dismiss} onClick={() => dismiss(key)} className="text-muted hover:text-text">
        ✕
      </button>
    </div>
  )
}
