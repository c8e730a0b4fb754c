import { useState } from 'react'
import { client, errorText } from '@/components/trpc'
import type { RecordingState } from '@/server/model/console'
import type { ConsoleView } from './connection'
import './record.css'
import { recordMessages as m } from './record-messages'

/** Says in red that the console is recorded, and begins or ends it where the setting of the guest lets people do so. */
export function RecordButton({
  id,
  kind,
  view,
  onDone,
}: {
  id: string
  kind: 'serial' | 'shell'
  view: ConsoleView | null
  onDone: () => void
}) {
  const [error, setError] = useState('')
  if (view?.link !== 'open') return null
  const { on, mode, fault } = view.recording
  const record = async (wanted: boolean) => {
    setError('')
    try {
      await client.recording.record.mutate({ id, kind, on: wanted })
    } catch (failure) {
      setError(errorText(failure))
    }
    onDone()
  }
  const words = fault ?? error
  // Whoever only looks is told that it is on, and can change nothing.
  const may = view.mode === 'type' && mode !== undefined
  return (
    <>
      <RecordPill recording={view.recording} words={words} />
      {may && mode !== 'always' && (
        <button
          type="button"
          className="console-button"
          disabled={mode === 'off'}
          title={mode === 'off' ? m.off : on ? m.stop : m.start}
          aria-label={on ? m.stop : undefined}
          onClick={() => void record(!on)}
        >
          {on ? m.stopShort : m.record}
        </button>
      )}
    </>
  )
}

/** What everybody is told, watchers too: that it is recorded, or why it is not any more. */
export function RecordPill({ recording, words = recording.fault }: { recording: RecordingState; words?: string }) {
  const { on, input, by, mode } = recording
  if (!on && !words) return null
  return (
    <span
      className={`console-pill ${on ? 'record-on' : 'record-fault'}`}
      role="status"
      title={on && mode === 'always' ? m.always : undefined}
    >
      {on && <span aria-hidden className="record-dot" />}
      {on ? m.on(input, by) : m.failed(words ?? '')}
    </span>
  )
}
