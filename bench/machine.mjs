import { cpus, loadavg, release, totalmem } from 'node:os'
import { capture } from '../scripts/lib/run.mjs'

/** What the figures were taken on, in one line each. */
export async function machine() {
  const [first] = cpus()
  const chromium = await capture(['/usr/bin/chromium', '--version'])
  return [
    `${first?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Linux ${release()}, Node ${process.versions.node}, ${chromium.stdout.trim() || 'no Chromium'}`,
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')}; load average at the start, from others: ${(loadavg()[0] ?? 0).toFixed(1)}`,
  ]
}
