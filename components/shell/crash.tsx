'use client'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'

/** A fault of the page itself: what the browser said, and what to do. */
export function Crash({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <div className="mx-auto flex max-w-[560px] flex-col gap-3 px-4 py-10">
      <h1>{m.crash.title}</h1>
      <p>{m.crash.what}</p>
      <ErrorNote>{error.message}</ErrorNote>
      <p className="text-muted">{m.crash.next}</p>
      <div className="flex gap-2">
        <Button look="primary" onClick={reset}>
          {m.common.tryAgain}
        </Button>
        <Button onClick={() => location.reload()}>{m.crash.reload}</Button>
      </div>
    </div>
  )
}
