'use client'
import { useState } from 'react'
import { useActiveJob, useEngineInfo } from '@/components/live/live'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { CheckField, TextField } from '@/components/ui/field'
import { can } from '@/server/model/can'
import type { Guest } from '@/server/model/guest'
import type { Operation } from '@/server/model/operation'
import { formatBytes, parseSize } from '@/server/model/size'
import { PlanBox } from './plan-preview'
import { usePlanned } from './use-planned'

const h = m.guest.hardware
const fields = ['cpus', 'memoryBytes']

/** CPUs, memory (a jail has limits instead) and autostart, with the commands of the change beneath. */
export function SizeForm({ guest }: { guest: Guest }) {
  const info = useEngineInfo(guest)
  const job = useActiveJob(guest.id)
  const [cpus, setCpus] = useState(String(guest.cpus))
  const [memory, setMemory] = useState(formatBytes(guest.memoryBytes))
  const [autostart, setAutostart] = useState(guest.autostart)
  const allowed = job ? m.guest.busy(m.doing[job.kind] ?? job.title) : can('set', guest, info)

  const wantedCpus = /^\d+$/.test(cpus.trim()) ? Number(cpus) : null
  const wantedMemory = memory === formatBytes(guest.memoryBytes) ? guest.memoryBytes : parseSize(memory)
  const changes = {
    ...(wantedCpus !== null && wantedCpus !== guest.cpus ? { cpus: wantedCpus } : {}),
    ...(wantedMemory !== null && wantedMemory !== guest.memoryBytes ? { memoryBytes: wantedMemory } : {}),
    ...(autostart !== guest.autostart ? { autostart } : {}),
  }
  const changed = Object.keys(changes).length > 0 && wantedCpus !== null && wantedMemory !== null
  const operation: Operation | null = changed && allowed === true ? { kind: 'set', name: guest.name, ...changes } : null
  const { errors, note, plan, run, allowed: planned } = usePlanned(guest, operation, fields)

  return (
    <form
      className="flex flex-col gap-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        run()
      }}
    >
      {guest.type !== 'jail' && (
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={h.cpus}
            value={cpus}
            onChange={(event) => setCpus(event.target.value)}
            inputMode="numeric"
            error={wantedCpus === null ? h.badNumber : errors.cpus}
          />
          <TextField
            label={h.memory}
            value={memory}
            onChange={(event) => setMemory(event.target.value)}
            hint={h.memoryHint}
            error={wantedMemory === null ? h.badSize : errors.memoryBytes}
          />
        </div>
      )}
      <CheckField label={h.autostart} checked={autostart} onChange={(event) => setAutostart(event.target.checked)} />
      {operation && <PlanBox state={plan} />}
      {note && <ErrorNote>{note}</ErrorNote>}
      <div>
        <Button type="submit" look="primary" allowed={allowed !== true ? allowed : changed ? planned : m.guest.hardware.unchanged}>
          {h.apply}
        </Button>
      </div>
    </form>
  )
}
