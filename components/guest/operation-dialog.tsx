'use client'
import { type ReactNode, useState } from 'react'
import { m } from '@/components/messages'
import { errorText, fieldErrors } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { TextField } from '@/components/ui/field'
import type { JobSummary } from '@/server/model/job'
import type { Operation } from '@/server/model/operation'
import { PlanPreview } from './plan-preview'
import { type On, useOperate } from './use-operate'

type Props = {
  title: string
  on: On
  /** Null while what is typed is not yet an operation. */
  operation: Operation | null
  verb: string
  danger?: boolean
  /** What is lost, in words. */
  lost?: ReactNode
  /** The name to type before the button works. */
  typed?: string
  onClose: () => void
  onStarted?: (job: JobSummary) => void
  /** Inputs of the dialog; gets what the server said about each. */
  children?: (errors: Record<string, string>) => ReactNode
}

/** Asks before an operation: what is lost, the very commands, and for disks the name typed. */
export function OperationDialog({ title, on, operation, verb, danger, lost, typed, onClose, onStarted, children }: Props) {
  const [name, setName] = useState('')
  const { run, error, sending } = useOperate((job) => {
    onClose()
    onStarted?.(job)
  })
  const errors = fieldErrors(error)
  const ready = operation !== null && !sending && (typed === undefined || name === typed)
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && operation) void run(on, operation)
        }}
      >
        {lost && <div className="mb-2 flex flex-col gap-1">{lost}</div>}
        {children?.(errors)}
        <PlanPreview on={on} operation={operation} />
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
        {error && Object.keys(errors).length === 0 ? (
          <div className="mt-2">
            <ErrorNote>{errorText(error)}</ErrorNote>
          </div>
        ) : null}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button
            type="submit"
            look={danger ? 'danger' : 'primary'}
            allowed={ready || (typed !== undefined && name !== typed ? m.common.typeName(typed) : ' ')}
          >
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
