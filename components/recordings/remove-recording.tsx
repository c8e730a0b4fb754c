'use client'
import { useState } from 'react'
import { formatTime } from '@/components/format'
import { m as common } from '@/components/messages'
import { client, errorText, queryClient, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toasts'
import type { RecordingInfo } from '@/server/model/recording'
import { recordingMessages as m } from './messages'
import { guestName } from './recording-text'

/** Asks, then removes. */
export function RemoveRecording({
  recording,
  onClose,
  onRemoved,
}: {
  recording: RecordingInfo
  onClose: () => void
  onRemoved?: () => void
}) {
  const [error, setError] = useState<string | null>(null)
  const remove = async () => {
    try {
      await client.recording.remove.mutate({ id: recording.id })
      toast(m.removed)
      await queryClient.invalidateQueries({ queryKey: trpc.recording.pathKey() })
      onClose()
      onRemoved?.()
    } catch (failure) {
      setError(errorText(failure))
    }
  }
  return (
    <Dialog title={m.removeTitle} onClose={onClose}>
      <p>{m.removeText(guestName(recording.guest), formatTime(recording.startedAt))}</p>
      {error && <ErrorNote>{error}</ErrorNote>}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{common.common.cancel}</Button>
        <Button look="danger" onClick={() => void remove()}>
          {m.removeVerb}
        </Button>
      </div>
    </Dialog>
  )
}
