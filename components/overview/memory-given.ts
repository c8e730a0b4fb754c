import type { Guest } from '@/server/model/guest'

/** Bytes that guests have been given, and how many have no limit but their host's. A paused guest keeps its memory. */
export function memoryGiven(guests: readonly Guest[]): { given: number; unlimited: number } {
  const holding = guests.filter(({ state }) => state === 'running' || state === 'paused')
  const limited = holding.filter((guest) => !guest.memoryUnlimited)
  return { given: limited.reduce((sum, guest) => sum + guest.memoryBytes, 0), unlimited: holding.length - limited.length }
}
