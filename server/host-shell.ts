import { AppError } from './errors'
import type { HostShell, Inventory } from './services'

/** Whether the shells of hosts may be had, and as whom they run. `on`: what the environment says. */
export function createHostShell({ on, inventory }: { on: boolean; inventory: Pick<Inventory, 'host' | 'exec'> }): HostShell {
  return {
    refusal: () => (on ? undefined : 'Shells of hosts are switched off: this server was started with BAILIWICK_HOST_SHELL=off.'),
    async user(id) {
      const host = inventory.host(id)
      if (!host) throw new AppError('not-found', 'There is no such host')
      try {
        return (await inventory.exec(id).read(['id', '-un'], { timeoutMs: 10_000 })).trim()
      } catch (error) {
        throw new AppError(
          'unavailable',
          `${host.name} cannot be asked who its shell runs as: ${error instanceof Error ? error.message : error}`,
        )
      }
    },
  }
}
