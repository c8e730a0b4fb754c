import { ConsolePage } from '@/components/console/console-page'

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return (
    <div className="h-[calc(100dvh-170px)] min-h-[360px]">
      <ConsolePage id={decodeURIComponent(id)} />
    </div>
  )
}
