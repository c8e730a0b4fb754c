import { ConsolePage } from '@/components/console/console-page'
import { firstText } from '@/components/console/first-text'

export default async function Page() {
  return (
    <div className="h-full min-h-[360px]">
      <ConsolePage first={await firstText()} />
    </div>
  )
}
