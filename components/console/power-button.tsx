import { useState } from 'react'
import { operate } from '@/components/guest/use-operate'
import { useEngineInfo } from '@/components/live/live'
import { errorText } from '@/components/trpc'
import { can } from '@/server/model/can'
import type { Guest } from '@/server/model/guest'
import { consoleMessages as m } from './messages'

/** Starts or resumes the guest from its console; the reason stands there where that is not possible. */
export function PowerButton({ guest, kind }: { guest: Guest; kind: 'start' | 'resume' }) {
  const info = useEngineInfo(guest)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const allowed = can(kind, guest, info)
  const run = async () => {
    setBusy(true)
    setError('')
    try {
      await operate(guest, { kind, name: guest.name })
    } catch (cause) {
      setError(errorText(cause))
      setBusy(false)
    }
  }
  if (allowed !== true) return <span>{allowed}</span>
  return (
    <>
      <button type="button" className="console-button console-primary" disabled={busy} onClick={run}>
        {busy ? m.busy[kind] : m.power[kind]}
      </button>
      {error && <span role="alert">{error}</span>}
    </>
  )
}
