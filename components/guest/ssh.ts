import type { Guest } from '@/server/model/guest'

/** How to sign in over the network, where its account and an address are known. IPv4 first: it is the one people can reach. */
export function sshCommand({ user, addresses, state }: Pick<Guest, 'user' | 'addresses' | 'state'>): string | null {
  const address = addresses.find((each) => !each.includes(':')) ?? addresses.find((each) => !each.startsWith('fe80:'))
  return user && address && state === 'running' ? `ssh ${user}@${address}` : null
}
