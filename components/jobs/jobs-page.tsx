'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useHosts, useJobs } from '@/components/live/live'
import { m } from '@/components/messages'
import { client, errorText } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Empty, ErrorNote, PageHead } from '@/components/ui/card'
import { JobTable } from './job-table'
import { asked, mergeJobs, nextBefore, type Outcome, outcomes } from './merge-jobs'

const step = 50
const pill = 'h-[28px] rounded-full border border-line-strong bg-ground px-2 text-muted text-sm'

/** Everything that was run, newest first, with filters. */
export function JobsPage() {
  const liveJobs = useJobs()
  const hosts = useHosts()
  const [state, setState] = useState<Outcome | ''>('')
  const [host, setHost] = useState('')
  useEffect(() => {
    const params = new URLSearchParams(location.search)
    setState(outcomes.find((each) => each === params.get('state')) ?? '')
    setHost(params.get('host') ?? '')
  }, [])
  const query = useInfiniteQuery({
    queryKey: ['jobs', state, host],
    queryFn: ({ pageParam, signal }) =>
      client.job.list.query({ limit: step, before: pageParam, ...asked(state), host: host || undefined }, { signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => nextBefore(page, step),
  })
  const jobs = mergeJobs(query.data?.pages.flat() ?? [], liveJobs, { state, host })
  const filter = (next: { state: Outcome | ''; host: string }) => {
    setState(next.state)
    setHost(next.host)
    const params = new URLSearchParams(Object.entries(next).filter(([, value]) => value !== ''))
    history.replaceState(history.state, '', `${location.pathname}${params.size ? `?${params}` : ''}`)
  }
  return (
    <>
      <PageHead title={m.job.title}>
        <select
          aria-label={m.job.state}
          value={state}
          onChange={(event) => filter({ host, state: outcomes.find((each) => each === event.target.value) ?? '' })}
          className={pill}
        >
          <option value="">{`${m.job.state.toLowerCase()}: ${m.common.any}`}</option>
          {outcomes.map((each) => (
            <option key={each} value={each}>
              {each === 'found' ? m.job.found : m.jobState[each]}
            </option>
          ))}
        </select>
        {hosts.length > 1 && (
          <select aria-label={m.job.host} value={host} onChange={(event) => filter({ state, host: event.target.value })} className={pill}>
            <option value="">{`${m.job.host.toLowerCase()}: ${m.common.any}`}</option>
            {hosts.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        )}
      </PageHead>
      {query.error ? <ErrorNote>{errorText(query.error)}</ErrorNote> : null}
      {jobs.length > 0 ? (
        <JobTable jobs={jobs} />
      ) : query.isSuccess ? (
        <Empty title={state || host ? m.job.noMatch : m.job.none} text={m.job.noneText} />
      ) : null}
      {query.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button aria-busy={query.isFetchingNextPage} onClick={() => query.isFetchingNextPage || void query.fetchNextPage()}>
            {m.job.older}
          </Button>
        </div>
      )}
    </>
  )
}
