import { ConsolePage } from '@/components/console/console-page'
import { firstText } from '@/components/console/first-text'

/** A console alone in a window. */
export default async function Page() {
  return (
    <main>
      <ConsolePage own first={await firstText()} />
    </main>
  )
}
