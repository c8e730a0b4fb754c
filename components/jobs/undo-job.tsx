'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { live } from '@/components/live/live'
import { m } from '@/components/messages'
import { client, errorText, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote, Warning } from '@/components/ui/card'
import { PlanSteps } from '@/components/ui/command'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toasts'
import { type Job, openUndo } from '@/server/model/job'

/** Offers to undo what an interrupted job did, where its record tells how. Nothing where there is nothing to undo. */
export function UndoJob({ job, onStarted }: { job: Job | undefined; onStarted: (id: string) => void }) {
  const [asking, setAsking] = useState(false)
  if (!job || openUndo(job).length === 0) return null
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {m.job.undoAll}
      </Button>
      {asking && <UndoDialog job={job} onClose={() => setAsking(false)} onStarted={onStarted} />}
    </>
  )
}

function UndoDialog({ job, onClose, onStarted }: { job: Job; onClose: () => void; onStarted: (id: string) => void }) {
  const plan = useQuery(trpc.job.undoPlan.queryOptions({ id: job.id }, { staleTime: 0, gcTime: 0, retry: false }))
  const [error, setError] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const start = async () => {
    setSending(true)
    try {
      const undo = await client.job.undo.mutate({ id: job.id })
      live.putJob(undo)
      toast(m.toast.started(undo.title), { job: undo.id })
      onStarted(undo.id)
    } catch (failure) {
      setError(errorText(failure))
      setSending(false)
    }
  }
  const refused = plan.error ? errorText(plan.error) : null
  return (
    <Dialog title={m.job.undoTitle(job.title)} onClose={onClose} wide>
      <p>{m.job.undoText}</p>
      <section aria-label={m.common.commands} className="my-3 max-h-[48vh] overflow-auto rounded-md border border-line bg-side p-3">
        {refused && <ErrorNote>{refused}</ErrorNote>}
        {plan.data ? <PlanSteps plan={plan.data} /> : !refused && <p className="text-muted">{m.common.planning}</p>}
        {plan.data?.warnings.map((warning) => (
          <Warning key={warning}>{warning}</Warning>
        ))}
      </section>
      {error && <ErrorNote>{error}</ErrorNote>}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{m.common.cancel}</Button>
        <Button look="danger" aria-busy={sending} allowed={refused ?? (plan.data && !sending ? true : m.common.planning)} onClick={start}>
          {m.job.undoAll}
        </Button>
      </div>
    </Dialog>
  )
}
