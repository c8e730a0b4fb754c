'use client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { client, errorText, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Empty, ErrorNote, PageHead } from '@/components/ui/card'
import { useDebounced } from '@/components/ui/use-debounced'
import { KeepForm } from './keep-form'
import { recordingMessages as m } from './messages'
import { RecordingTable } from './recording-table'
import { guestName } from './recording-text'
import { SearchBox } from './search-box'
import { SearchResults } from './search-results'

const step = 50
const day = 24 * 60 * 60_000
const spans = { any: 0, day, week: 7 * day, month: 30 * day }
type Span = keyof typeof spans
const pill = 'h-[28px] rounded-full border border-line-strong bg-ground px-2 text-muted text-sm'

/** Every recording, newest first, with filters; or the lines that hold a text. */
export function RecordingsPage() {
  const asked = useSearchParams().get('q') ?? ''
  const [text, setText] = useState(asked)
  const search = (next: string) => {
    setText(next)
    history.replaceState(history.state, '', next ? `/recordings?${new URLSearchParams({ q: next })}` : '/recordings')
  }
  const found = useQuery({
    queryKey: [...trpc.recording.search.pathKey(), text],
    queryFn: ({ signal }) => client.recording.search.query({ text }, { signal }),
    enabled: text.length > 1,
    staleTime: 0,
    gcTime: 0,
  })
  return (
    <>
      <PageHead title={m.title} />
      <SearchBox key={asked} text={text} busy={found.isFetching} onSearch={search} />
      {text ? (
        <>
          <h2 className="mb-1">{m.search.title(text)}</h2>
          {found.isFetching && <p role="status">{m.search.busy}</p>}
          {found.error && <ErrorNote>{errorText(found.error)}</ErrorNote>}
          {found.data && !found.isFetching && <SearchResults found={found.data} text={text} />}
        </>
      ) : (
        <AllRecordings />
      )}
    </>
  )
}

function AllRecordings() {
  const [guest, setGuest] = useState('')
  const [user, setUser] = useState('')
  const [span, setSpan] = useState<Span>('any')
  const wantedUser = useDebounced(user.trim(), 300)
  const guests = useQuery(trpc.recording.guests.queryOptions()).data ?? []
  const query = useInfiniteQuery({
    queryKey: [...trpc.recording.list.pathKey(), guest, wantedUser, span],
    queryFn: ({ pageParam, signal }) =>
      client.recording.list.query(
        {
          limit: step,
          before: pageParam,
          guest: guest || undefined,
          user: wantedUser || undefined,
          from: span === 'any' ? undefined : Date.now() - spans[span],
        },
        { signal },
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < step ? undefined : page.at(-1)?.startedAt),
    refetchInterval: 10_000,
  })
  const all = query.data?.pages.flat() ?? []
  const filtered = guest !== '' || wantedUser !== '' || span !== 'any'
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <select aria-label={m.guest} value={guest} onChange={(event) => setGuest(event.target.value)} className={`${pill} max-w-[220px]`}>
          <option value="">{m.anyGuest}</option>
          {guests.map((each) => (
            <option key={each} value={each}>
              {guestName(each)}
            </option>
          ))}
        </select>
        <select
          aria-label={m.time}
          value={span}
          onChange={(event) => setSpan((['day', 'week', 'month'] as const).find((each) => each === event.target.value) ?? 'any')}
          className={pill}
        >
          {(['any', 'day', 'week', 'month'] as const).map((each) => (
            <option key={each} value={each}>
              {m.times[each]}
            </option>
          ))}
        </select>
        <input
          aria-label={m.person}
          placeholder={m.anyPerson}
          title={m.personHint}
          value={user}
          onChange={(event) => setUser(event.target.value)}
          className={`${pill} w-[150px] px-3 placeholder:text-muted`}
        />
      </div>
      {query.error && <ErrorNote>{errorText(query.error)}</ErrorNote>}
      {all.length > 0 ? (
        <RecordingTable recordings={all} />
      ) : query.isSuccess ? (
        <Empty title={filtered ? m.noMatch : m.none} text={filtered ? m.noMatchText : m.noneText} />
      ) : null}
      {query.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button aria-busy={query.isFetchingNextPage} onClick={() => query.isFetchingNextPage || void query.fetchNextPage()}>
            {m.older}
          </Button>
        </div>
      )}
      <KeepForm />
    </>
  )
}
