import { ConsolePage } from '@/components/console/console-page'

/** A console alone in a window. */
export default function Page() {
  return (
    <main>
      <ConsolePage own />
    </main>
  )
}
