'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, errorText, fieldErrors, queryClient, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import { formatBytes, parseSize } from '@/server/model/size'
import { recordingMessages as m } from './messages'

/** How long recordings are kept, and in how much room. */
export function KeepForm() {
  const keep = useQuery(trpc.recording.keep.queryOptions()).data
  const [days, setDays] = useState<string | null>(null)
  const [size, setSize] = useState<string | null>(null)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [said, setSaid] = useState('')
  if (!keep) return null
  const save = async () => {
    setSaid('')
    const bytes = parseSize(size ?? String(keep.bytes))
    if (bytes === null) return setErrors({ bytes: m.keep.badSize })
    try {
      await client.recording.setKeep.mutate({ days: Number(days ?? keep.days), bytes })
      setErrors({})
      setSaid(m.keep.saved)
      setDays(null)
      setSize(null)
      await queryClient.invalidateQueries({ queryKey: trpc.recording.pathKey() })
    } catch (failure) {
      const fields = fieldErrors(failure)
      setErrors(Object.keys(fields).length > 0 ? fields : { bytes: errorText(failure) })
    }
  }
  return (
    <Card title={m.keep.title} aside={<span role="status">{said}</span>} className="mt-4">
      <p className="mb-3 text-muted">{m.keep.text}</p>
      <form
        className="flex flex-wrap items-start gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          label={m.keep.days}
          inputMode="numeric"
          className="w-[110px]"
          value={days ?? String(keep.days)}
          error={errors.days}
          onChange={(event) => setDays(event.target.value)}
        />
        <TextField
          label={m.keep.size}
          hint={m.keep.sizeHint}
          className="w-[190px]"
          value={size ?? formatBytes(keep.bytes)}
          error={errors.bytes}
          onChange={(event) => setSize(event.target.value)}
        />
        <div className="pt-[21px]">
          <Button type="submit">{m.keep.save}</Button>
        </div>
      </form>
    </Card>
  )
}
