import type { ReactNode } from 'react'
import { m } from '@/components/messages'

/** The small page of those who are not signed in. */
export function AccessFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-[340px] max-w-[calc(100vw-32px)] flex-col justify-center pb-[12vh]">
      <p className="mb-4 text-muted">{m.app}</p>
      <div className="rounded-lg border border-line bg-raised p-5">
        <h1 className="mb-3">{title}</h1>
        {children}
      </div>
    </main>
  )
}
