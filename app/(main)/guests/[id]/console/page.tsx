import { ConsolePage } from '@/components/console/console-page'

export default function Page() {
  return (
    <div className="h-full min-h-[360px]">
      <ConsolePage />
    </div>
  )
}
