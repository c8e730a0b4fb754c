import { useState } from 'react'
import { operate } from '@/components/guest/use-operate'
import { useEngineInfo } from '@/components/live/live'
import { errorText } from '@/components/trpc'
import { can } from '@/server/model/can'
import type { Guest } from '@/server/model/guest'
import { consoleMessages as m } from './messages'

/** Starts the guest from its console; the reason stands there where that is not possible. */
export function StartButton({ guest }: { guest: Guest }) {
  const info = useEngineInfo(guest)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const allowed = can('start', guest, info)
  const start = async () => {
    setBusy(true)
    setError('')
    try {
      await operate(guest, { kind: 'start', name: guest.name })
    } catch (cause) {
      setError(errorText(cause))
      setBusy(false)
    }
  }
  if (allowed !== true) return <span>{allowed}</span>
  return (
    <>
      <button type="button" className="console-button console-primary" disabled={busy} onClick={start}>
        {busy ? m.starting : m.start}
      </button>
      {error && <span role="alert">{error}</span>}
    </>
  )
}
