import { HostShellPage } from '@/components/console/host-shell'

/** The shell of a host alone in a window. */
export default function Page() {
  return (
    <main>
      <HostShellPage own />
    </main>
  )
}
