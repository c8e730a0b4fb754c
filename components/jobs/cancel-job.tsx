'use client'
import { useState } from 'react'
import { m } from '@/components/messages'
import { client, errorText } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toasts'

/** Ends a job; its undo steps then run. */
export function CancelJob({ id, button }: { id: string; button?: boolean }) {
  const [sent, setSent] = useState(false)
  const cancel = async () => {
    setSent(true)
    try {
      await client.job.cancel.mutate({ id })
    } catch (error) {
      setSent(false)
      toast(errorText(error), { bad: true })
    }
  }
  if (button)
    return (
      <Button look="danger" allowed={sent ? m.job.cancelling : true} onClick={cancel}>
        {sent ? m.job.cancelling : m.job.cancel}
      </Button>
    )
  return (
    <button type="button" onClick={cancel} disabled={sent} aria-label={m.job.cancel} className="text-accent text-sm hover:underline">
      {sent ? m.job.cancelling : m.common.cancel}
    </button>
  )
}
