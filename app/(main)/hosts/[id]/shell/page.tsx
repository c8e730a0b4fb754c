import { HostShellPage } from '@/components/console/host-shell'

export default function Page() {
  return (
    <div className="h-full min-h-[360px]">
      <HostShellPage />
    </div>
  )
}
