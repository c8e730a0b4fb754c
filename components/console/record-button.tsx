import { useState } from 'react'
import { client, errorText } from '@/components/trpc'
import type { RecordingState } from '@/server/model/console'
import type { ConsoleView } from './connection'
import type { MenuEntry } from './menu'
import './record.css'
import { recordMessages as m } from './record-messages'

type Recorded = { id: string; kind: 'serial' | 'shell'; view: ConsoleView | null; onDone: () => void }

/** What a viewer may do about recording: `mode` where they may begin or end it. Null without a connection. */
export function useRecord({ id, kind, view, onDone }: Recorded) {
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
  // Whoever only looks is told that it is on, and can change nothing.
  const may = view.mode === 'type' && mode !== undefined && mode !== 'always'
  return { recording: view.recording, words: fault ?? error, on, mode: may ? mode : null, toggle: () => void record(!on) }
}
export type Record = ReturnType<typeof useRecord>

/** The same as an entry of a menu, where there is no room for the button. */
export const recordEntry = (record: Record): MenuEntry[] =>
  record?.mode ? [{ label: record.on ? m.stop : m.record, run: record.toggle, disabled: record.mode === 'off' }] : []

/** Says in red that the console is recorded, and begins or ends it where the setting of the guest lets people do so. */
export function RecordButton({ record, narrow }: { record: Record; narrow: boolean }) {
  if (!record) return null
  const { recording, words, on, mode, toggle } = record
  return (
    <>
      <RecordPill recording={recording} words={words} />
      {mode && !narrow && (
        <button
          type="button"
          className="console-button"
          disabled={mode === 'off'}
          title={mode === 'off' ? m.off : on ? m.stop : m.start}
          onClick={toggle}
        >
          {on ? m.stop : m.record}
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
      title={on ? (mode === 'always' ? m.always : by && m.by(by)) : undefined}
    >
      {on && <span aria-hidden className="record-dot" />}
      {on ? m.on(input, by) : m.failed(words ?? '')}
    </span>
  )
}
