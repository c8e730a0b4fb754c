'use client'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { client, errorText, queryClient, trpc } from '@/components/trpc'
import { Card, ErrorNote } from '@/components/ui/card'
import { CheckField } from '@/components/ui/field'
import { type RecordRule, recordModes } from '@/server/model/recording'
import { recordingMessages as m } from './messages'

/** How the consoles of a guest are recorded, or with `host~` and the id of a host its own shell. A choice holds at once. */
export function RuleForm({ guest, title = m.rule.title }: { guest: string; title?: string }) {
  const query = useQuery(trpc.recording.rule.queryOptions({ id: guest }))
  const [said, setSaid] = useState('')
  const [error, setError] = useState<string | null>(null)
  const name = useId()
  // What was chosen stands there at once: the query tells it a moment later.
  const [chosen, setChosen] = useState<RecordRule | null>(null)
  const rule = chosen ?? query.data
  if (query.error) return <ErrorNote>{errorText(query.error)}</ErrorNote>
  const choose = async (next: RecordRule) => {
    setSaid('')
    setError(null)
    setChosen(next)
    queryClient.setQueryData(trpc.recording.rule.queryKey({ id: guest }), next)
    try {
      await client.recording.setRule.mutate({ id: guest, ...next })
      setSaid(m.rule.saved)
    } catch (failure) {
      setError(errorText(failure))
      await query.refetch()
    } finally {
      setChosen((now) => (now === next ? null : now))
    }
  }
  return (
    <Card title={title}>
      {error && <ErrorNote>{error}</ErrorNote>}
      <fieldset disabled={!rule} className="grid gap-2 md:grid-cols-3">
        <legend className="sr-only">{title}</legend>
        {recordModes.map((mode) => (
          <label key={mode} className="flex items-start gap-2">
            <input
              type="radio"
              name={name}
              className="mt-[3px] accent-accent"
              checked={rule?.mode === mode}
              onChange={() => rule && void choose({ ...rule, mode })}
            />
            <span>
              {m.rule.modes[mode][0]}
              <span className="block text-muted text-sm">{m.rule.modes[mode][1]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p role="status" className={`mt-2 text-sm ${said ? 'text-ok' : 'text-muted'}`}>
        {said && <span aria-hidden>✓ </span>}
        {said || m.rule.atOnce}
      </p>
      <div className="mt-3 border-line border-t pt-3">
        <CheckField
          label={m.rule.input}
          hint={m.rule.inputHint}
          disabled={!rule || rule.mode === 'off'}
          checked={rule?.input ?? false}
          onChange={(event) => rule && void choose({ ...rule, input: event.target.checked })}
        />
      </div>
    </Card>
  )
}
