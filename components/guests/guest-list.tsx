'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useSearchParams } from 'next/navigation'
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { live, metrics, useComing, useGuests, useHosts, usePhase } from '@/components/live/live'
import { m } from '@/components/messages'
import { Button, ButtonLink } from '@/components/ui/button'
import { Empty, PageHead } from '@/components/ui/card'
import { useMedia } from '@/components/ui/use-media'
import { arrange, hold, isLive, readView, sortBy, type View, writeView } from './arrange'
import { BulkBar } from './bulk-bar'
import { columns, numeric } from './columns'
import { ComingRow, comingFits } from './coming-row'
import { GuestRow } from './guest-row'
import { ListFilters } from './list-filters'
import { useColumns } from './use-columns'

const rowHeight = 34

/** All guests: sorted, filtered, selectable; only the rows in sight are in the page. */
export function GuestList() {
  const guests = useGuests()
  const hosts = useHosts()
  const phase = usePhase()
  const [view, setView] = useView()
  const isNarrow = useMedia('(max-width: 767px)')
  const { shown, toggle } = useColumns(isNarrow)
  const [over, setOver] = useState(false)
  const ids = useOrder(view, over)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string | null>(null)
  const order = useRef(ids)
  order.current = ids
  const scroller = useRef<HTMLDivElement>(null)

  const onSelect = useCallback((id: string, range: boolean) => {
    const from = range && last.current ? order.current.indexOf(last.current) : -1
    const to = order.current.indexOf(id)
    setSelected((before) => {
      const after = new Set(before)
      if (from >= 0 && from !== to) for (const each of order.current.slice(Math.min(from, to), Math.max(from, to) + 1)) after.add(each)
      else if (!after.delete(id)) after.add(id)
      return after
    })
    last.current = id
  }, [])
  const chosen = useMemo(() => ids.filter((id) => selected.has(id)), [ids, selected])
  const coming = useComing().filter((job) => comingFits(job, view))
  const hidden = useMemo(() => guests.filter((guest) => guest.hidden).length, [guests])
  const running = useMemo(() => guests.filter((guest) => guest.state === 'running').length, [guests])

  return (
    <div className="flex h-full flex-col">
      <PageHead
        title={m.guest.title}
        note={phase === 'loading' ? m.connection.loading : `${guests.length.toLocaleString('en')} · ${m.count.running(running)}`}
      >
        <ListFilters view={view} setView={setView} hosts={hosts} hidden={hidden} shown={shown} onColumn={toggle} narrow={isNarrow} />
        <ButtonLink href="/guests/new" look="primary">
          {m.nav.create}
        </ButtonLink>
      </PageHead>
      {chosen.length > 0 && <BulkBar ids={chosen} onClear={() => setSelected(new Set())} />}
      {phase === 'ready' && guests.length === 0 && coming.length === 0 ? (
        <Empty title={m.guest.none} text={m.guest.noneText}>
          <ButtonLink href="/guests/new" look="primary">
            {m.nav.create}
          </ButtonLink>
        </Empty>
      ) : phase === 'ready' && ids.length === 0 && coming.length === 0 ? (
        <Empty title={m.guest.noMatch}>
          <Button onClick={() => setView({ ...view, text: '', state: '', kind: '', host: '', hidden: hidden > 0 })}>{m.guest.clear}</Button>
        </Empty>
      ) : (
        <div
          ref={scroller}
          className="min-h-0 flex-1 overflow-auto"
          onPointerEnter={() => setOver(true)}
          onPointerLeave={() => setOver(false)}
        >
          <table
            aria-label={m.guest.table}
            aria-rowcount={ids.length + 1}
            className="grid-table dense table-fixed"
            style={{ minWidth: isNarrow ? undefined : 28 + shown.reduce((sum, column) => sum + columns[column].width, 0) }}
          >
            <colgroup>
              <col style={{ width: 28 }} />
              {shown.map((column) => (
                <col key={column} style={{ width: isNarrow && column === 'name' ? undefined : columns[column].width }} />
              ))}
            </colgroup>
            <thead className="sticky top-0 z-10 bg-ground">
              <tr aria-rowindex={1}>
                <th scope="col">
                  <input
                    type="checkbox"
                    aria-label={m.guest.selectAll}
                    checked={ids.length > 0 && chosen.length === ids.length}
                    onChange={(event) => setSelected(event.target.checked ? new Set(ids) : new Set())}
                    className="block size-3.5 accent-accent"
                  />
                </th>
                {shown.map((column) => (
                  <th
                    key={column}
                    scope="col"
                    aria-sort={view.sort === column ? (view.direction === 1 ? 'ascending' : 'descending') : undefined}
                    className={numeric.includes(column) ? 'num' : ''}
                  >
                    <button
                      type="button"
                      className="hover:text-text"
                      title={m.guest.sortBy(m.guest.columns[column])}
                      onClick={() => setView(sortBy(view, column))}
                    >
                      {column === 'state' ? <span className="sr-only">{m.guest.columns.state}</span> : m.guest.columns[column]}
                      {view.sort === column ? (
                        <span aria-hidden>{view.direction === 1 ? ' ↑' : ' ↓'}</span>
                      ) : column === 'state' ? (
                        <span aria-hidden>◐</span>
                      ) : null}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            {coming.length > 0 && (
              <tbody>
                {coming.map((job) => (
                  <ComingRow key={job.id} job={job} columns={shown.length} />
                ))}
              </tbody>
            )}
            <Rows ids={ids} shown={shown} selected={selected} onSelect={onSelect} scroller={scroller} />
          </table>
        </div>
      )}
    </div>
  )
}

type RowsProps = {
  ids: readonly string[]
  shown: Parameters<typeof GuestRow>[0]['shown']
  selected: ReadonlySet<string>
  onSelect: (id: string, range: boolean) => void
  scroller: RefObject<HTMLDivElement | null>
}

function Rows({ ids, shown, selected, onSelect, scroller }: RowsProps) {
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 1000, height: 700 },
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <tbody>
      {before > 0 && <Gap height={before} span={shown.length + 1} />}
      {items.map((item) => {
        const id = ids[item.index]
        return id === undefined ? null : (
          <GuestRow key={id} id={id} index={item.index} shown={shown} selected={selected.has(id)} onSelect={onSelect} />
        )
      })}
      {after > 0 && <Gap height={after} span={shown.length + 1} />}
    </tbody>
  )
}

const Gap = ({ height, span }: { height: number; span: number }) => (
  <tr aria-hidden>
    <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
  </tr>
)

/**
 * The view lives in the address, so that it can be sent and comes back with the back button. What is typed counts at
 * once; the address follows. Only when the address was changed by somebody else does the view follow it.
 */
function useView(): [View, (view: View) => void] {
  const params = useSearchParams()
  const [view, setView] = useState<View>(() => readView(new URLSearchParams(params.toString())))
  const latest = useRef(view)
  latest.current = view
  // The parameters only tell that the address changed: what it is now, the browser knows best.
  useEffect(() => {
    const asked = readView(new URLSearchParams(location.search))
    if (writeView(asked) !== writeView(latest.current)) setView(asked)
  }, [params])
  return [
    view,
    (next) => {
      setView(next)
      history.replaceState(history.state, '', `${location.pathname}${writeView(next)}`)
    },
  ]
}

/** The order of the rows. Live sortings follow the figures, yet nothing moves while the pointer is over the list. */
function useOrder(view: View, over: boolean): string[] {
  const guests = useGuests()
  const [frame, setFrame] = useState(0)
  const follows = isLive(view.sort)
  useEffect(() => (follows && !over ? metrics.onFrame(() => setFrame(metrics.at)) : undefined), [follows, over])
  const shown = useRef<{ ids: string[]; view: View }>({ ids: [], view })
  return useMemo(() => {
    void frame
    const wanted = arrange(guests, view, (id) => metrics.figures(id))
    const held = over && shown.current.view === view ? hold(shown.current.ids, wanted) : wanted
    shown.current = { ids: held, view }
    return held
  }, [guests, view, over, frame])
}

/** Ids as guests, for those that still exist. */
export const guestsOf = (ids: readonly string[]) => ids.flatMap((id) => live.guest(id) ?? [])
