import type { HostView } from '@/server/model/host'
import type { ContainerEngine } from './plan-debian-container'

/** How to reach the host's container daemon, or null when none answers. */
export function containerEngineOf(host: HostView | undefined): ContainerEngine | null {
  const status = host?.engines.find(({ kind }) => kind === 'incus')
  if (!host || status?.state !== 'ready') return null
  const lxd = /lxd/i.test(status.info.name)
  const env: Record<string, string> = host.incusDir ? { [lxd ? 'LXD_DIR' : 'INCUS_DIR']: host.incusDir } : {}
  return { program: lxd ? 'lxc' : 'incus', env }
}
