'use client'
import { Crash } from '@/components/shell/crash'
import './globals.css'

/** The frame itself failed: this replaces the whole document. */
export default function GlobalError(props: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <Crash {...props} />
      </body>
    </html>
  )
}
