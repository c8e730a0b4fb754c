// What figures of 1,000 running guests cost the server itself: node --import tsx bench/sampling.ts
// The text is what `virsh domstats` printed for a running VM, a thousand times under other names and with counters that go on.
// It goes the whole way that a sample takes: parsed, made into rates, kept, and written as the frame that pages get.
// Prints one line of JSON: seconds of processor time per minute, and how long the text was.
import { readFileSync } from 'node:fs'
import { parseDomstats } from '@/server/engines/libvirt/domstats'
import { toSample } from '@/server/engines/libvirt/sample'
import { createHistory } from '@/server/metrics/history'
import { pointOf } from '@/server/metrics/rates'
import { guestId } from '@/server/model/guest'
import type { Sample } from '@/server/model/metrics'

const guests = 1000
const everyMs = 5000
const perMinute = 60_000 / everyMs

const transcript = readFileSync(new URL('../server/engines/libvirt/transcripts/domstats-sample.txt', import.meta.url), 'utf8')
const one = /Domain: 'lv-deb'\n[\s\S]*?(?=\nDomain: |$)/.exec(transcript)?.[0]
if (!one) throw new Error('The transcript has no running VM')

/** The text of one round; counters rise from round to round, a little differently for each guest. */
function text(round: number): string {
  const domains: string[] = []
  for (let i = 0; i < guests; i++) {
    const grown = (value: string) => String(Number(value) + round * (1_000_000 + i * 997))
    domains.push(
      (one ?? '')
        .replace('lv-deb', `be-${String(i).padStart(4, '0')}`)
        .replace(/((?:cpu\.time|\.bytes)=)(\d+)/g, (_, key: string, value: string) => key + grown(value)),
    )
  }
  return `${domains.join('\n\n')}\n`
}

const history = createHistory(everyMs)
let before = new Map<string, Sample>()
let rows = 0
let bytes = 0

function round(printed: string, at: number): void {
  const samples = new Map<string, Sample>()
  for (const stats of parseDomstats(printed)) {
    const sample = toSample(stats, at)
    if (!sample) continue
    const id = guestId('local', 'libvirt', sample.name)
    samples.set(id, sample)
    history.add(id, pointOf(before.get(id), sample, { at, cpus: 1, longestMs: 4 * everyMs }))
  }
  before = samples
  const frame = history.frame(at)
  rows = frame.rows.length
  bytes = Buffer.byteLength(JSON.stringify(frame))
}

// Fifteen minutes fill the rings and let the code be compiled, as in a server that has run for a while; then five minutes count.
const start = 1_700_000_000_000
const warm = 15 * perMinute
const counted = 5 * perMinute
let used = 0
for (let n = 0; n < warm + counted; n++) {
  const printed = text(n)
  const since = process.cpuUsage()
  round(printed, start + n * everyMs)
  const { user, system } = process.cpuUsage(since)
  if (n >= warm) used += (user + system) / 1e6
}
if (rows !== guests) throw new Error(`Only ${rows} of ${guests} guests came through`)
console.log(JSON.stringify({ seconds: used / 5, textBytes: Buffer.byteLength(text(1)), frameBytes: bytes }))
