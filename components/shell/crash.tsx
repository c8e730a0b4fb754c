'use client'
import { faultMessages } from '@/components/messages/fault'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'

const w = faultMessages

/** A fault of the page itself: what the browser said, and what to do. */
export function Crash({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <div className="mx-auto flex max-w-[560px] flex-col gap-3 px-4 py-10">
      <h1>{w.crash.title}</h1>
      <p>{w.crash.what}</p>
      <ErrorNote>{error.message}</ErrorNote>
      <p className="text-muted">{w.crash.next}</p>
      <div className="flex gap-2">
        <Button look="primary" onClick={reset}>
          {w.tryAgain}
        </Button>
        <Button onClick={() => location.reload()}>{w.crash.reload}</Button>
      </div>
    </div>
  )
}
