const sorted = (numbers) => [...numbers].sort((a, b) => a - b)

/** The value below which `share` (0..1) of the numbers lie: the nearest rank. NaN when there are none. */
export function quantile(numbers, share) {
  const all = sorted(numbers)
  return all[Math.min(all.length - 1, Math.max(0, Math.ceil(all.length * share) - 1))] ?? Number.NaN
}

/** The middle one; of an even count, the mean of the two in the middle. */
export function median(numbers) {
  const all = sorted(numbers)
  const half = all.length >> 1
  if (all.length === 0) return Number.NaN
  return all.length % 2 ? all[half] : (all[half - 1] + all[half]) / 2
}

/** Runs `work` so many times, one after the other. */
export async function times(count, work) {
  const results = []
  for (let i = 0; i < count; i++) results.push(await work(i))
  return results
}
