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
      onClose()
      onRemoved?.()
      // Its own page may still be open and must not ask for it again; whoever comes back to it is told that it is gone.
      await queryClient.invalidateQueries({ queryKey: trpc.recording.get.queryKey({ id: recording.id }), refetchType: 'none' })
      const lists = [trpc.recording.list, trpc.recording.guests]
      await Promise.all(lists.map((list) => queryClient.invalidateQueries({ queryKey: list.pathKey() })))
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
