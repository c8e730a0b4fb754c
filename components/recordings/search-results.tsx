'use client'
import { formatTime } from '@/components/format'
import { guestPath, hostPath } from '@/components/paths'
import { Empty, Warning } from '@/components/ui/card'
import { AppLink } from '@/components/ui/link'
import type { TextHit, TextHits } from '@/server/model/recording'
import { formatBytes } from '@/server/model/size'
import { recordingMessages as m } from './messages'
import { formatClock, guestName, recordingPath } from './recording-text'

/** Where a line was found: the second of a recording, or an open console with its own search set. */
function hrefOf(hit: TextHit, text: string): string {
  if (hit.recording !== null) return recordingPath(hit.recording, { seconds: hit.seconds, find: text })
  const query = new URLSearchParams({ kind: hit.kind, find: text })
  // The shell of a host itself stands on its page.
  const host = /^host~(.+)$/.exec(hit.guest)?.[1]
  return host === undefined ? `${guestPath(hit.guest, 'console')}?${query}` : `${hostPath(host)}/shell?${query}`
}

/** Lines that hold the text, with those around them. */
export function SearchResults({ found, text }: { found: TextHits; text: string }) {
  if (found.hits.length === 0)
    return (
      <>
        {found.cut && <Warning>{found.cut}</Warning>}
        <Empty title={m.search.none} text={m.search.noneText} />
      </>
    )
  return (
    <section aria-label={m.search.region}>
      <p className="mb-2 text-muted">{m.search.found(found.hits.length, formatBytes(found.bytes))}</p>
      {found.cut && <Warning>{found.cut}</Warning>}
      <ul className="mt-2 grid gap-2">
        {found.hits.map((hit, index) => (
          <li key={index} className="rounded-lg border border-line">
            <AppLink href={hrefOf(hit, text)} className="block p-2.5 hover:bg-hover">
              <span className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-mono text-sm">{guestName(hit.guest)}</span>
                <span className="text-muted text-sm">
                  {m.kinds[hit.kind]} ·{' '}
                  {hit.recording === null ? m.search.open : `${formatTime(hit.at)} ${m.search.atSecond(formatClock(hit.seconds))}`}
                </span>
              </span>
              <span className="mt-1 block overflow-hidden whitespace-pre-wrap break-all font-mono text-muted text-xs">
                {[...hit.before].map((line, at) => (
                  <span key={`b${at}`} className="block">
                    {line || ' '}
                  </span>
                ))}
                <span className="block text-text">
                  <Marked line={hit.line} text={text} />
                </span>
                {[...hit.after].map((line, at) => (
                  <span key={`a${at}`} className="block">
                    {line || ' '}
                  </span>
                ))}
              </span>
            </AppLink>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A line with what was looked for made bright. */
function Marked({ line, text }: { line: string; text: string }) {
  const at = line.toLowerCase().indexOf(text.toLowerCase())
  if (at < 0) return line
  return (
    <>
      {line.slice(0, at)}
      <mark className="rounded-sm bg-accent-soft font-semibold text-text">{line.slice(at, at + text.length)}</mark>
      {line.slice(at + text.length)}
    </>
  )
}
