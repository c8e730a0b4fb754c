'use client'
import { type ReactNode, useState } from 'react'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { TextField } from '@/components/ui/field'
import type { Allowed } from '@/server/model/capability'
import type { JobSummary } from '@/server/model/job'
import type { Operation } from '@/server/model/operation'
import { PlanBox } from './plan-preview'
import type { On } from './use-operate'
import { usePlanned } from './use-planned'

type Props = {
  title: string
  on: On
  /** Null while what is typed is not yet an operation. */
  operation: Operation | null
  verb: string
  danger?: boolean
  /** What is lost, in words. */
  lost?: ReactNode
  /** True, or what must be done in the dialog before the button works. */
  ready?: Allowed
  /** The name to type before the button works. */
  typed?: string
  onClose: () => void
  onStarted?: (job: JobSummary) => void
  /** The inputs of the dialog by the names that the server knows them by. */
  fields?: readonly string[]
  /** Inputs of the dialog; gets what the server said about each. */
  children?: (errors: Record<string, string>) => ReactNode
}

const none: readonly string[] = []

/** Asks before an operation: what is lost, the very commands, and for disks the name typed. */
export function OperationDialog({
  title,
  on,
  operation,
  verb,
  danger,
  lost,
  ready: wanted = true,
  typed,
  onClose,
  onStarted,
  fields = none,
  children,
}: Props) {
  const [name, setName] = useState('')
  const { errors, note, plan, run, allowed } = usePlanned(on, operation, fields, (job) => {
    onClose()
    onStarted?.(job)
  })
  const named: Allowed = typed === undefined || name === typed || m.common.typeName(typed)
  const ready: Allowed = wanted !== true ? wanted : named !== true ? named : operation ? allowed : ' '
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (ready === true) run()
        }}
      >
        {lost && <div className="mb-2 flex flex-col gap-1">{lost}</div>}
        {children?.(errors)}
        {operation && <PlanBox state={plan} />}
        {typed !== undefined && (
          <TextField
            label={m.common.typeName(typed)}
            value={name}
            onChange={(event) => setName(event.target.value)}
            mono
            autoComplete="off"
            spellCheck={false}
          />
        )}
        {note && (
          <div className="mt-2">
            <ErrorNote>{note}</ErrorNote>
          </div>
        )}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} allowed={ready}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
