'use client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { m } from '@/components/messages'
import { errorText, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote, Warning } from '@/components/ui/card'
import { PlanSteps } from '@/components/ui/command'
import { Dialog } from '@/components/ui/dialog'
import type { ImageRequest } from '@/server/model/image-request'
import { requestImage } from './request-image'

type Props = { title: string; request: ImageRequest; verb: string; danger?: boolean; lost?: ReactNode; onClose: () => void }

/** Shows the commands of an image job, then starts it. */
export function ImageDialog({ title, request, verb, danger, lost, onClose }: Props) {
  const plan = useQuery(trpc.image.plan.queryOptions(request, { staleTime: 0, gcTime: 0 }))
  const [error, setError] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const start = async () => {
    setSending(true)
    try {
      await requestImage(request)
      onClose()
    } catch (failure) {
      setError(errorText(failure))
      setSending(false)
    }
  }
  return (
    <Dialog title={title} onClose={onClose} wide>
      {lost}
      <section aria-label={m.common.commands} className="my-3 max-h-[48vh] overflow-auto rounded-md border border-line bg-side p-3">
        {plan.error ? (
          <ErrorNote>{errorText(plan.error)}</ErrorNote>
        ) : plan.data ? (
          <PlanSteps plan={plan.data} />
        ) : (
          <p className="text-muted">{m.common.planning}</p>
        )}
        {plan.data?.warnings.map((warning) => (
          <Warning key={warning}>{warning}</Warning>
        ))}
      </section>
      {error && <ErrorNote>{error}</ErrorNote>}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{m.common.cancel}</Button>
        <Button
          look={danger ? 'danger' : 'primary'}
          aria-busy={sending}
          allowed={plan.error ? errorText(plan.error) : true}
          onClick={start}
        >
          {verb}
        </Button>
      </div>
    </Dialog>
  )
}
