/** IPv4 networks as numbers of their first and last address. */
type Network = [first: number, last: number]

export function routedNetworks(table: string): Network[]
export function usedNetworks(route?: string): Network[]
export function freeSubnet(used?: Network[], from?: number): string | null
export function bridgeOptions(subnet: string | null): string
