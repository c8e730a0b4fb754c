'use client'
import { m } from '@/components/messages'
import { Menu } from '@/components/ui/menu'
import { guestStates, guestTypes } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { View } from './arrange'
import { allColumns, type Column, fixedColumns } from './columns'

type Props = {
  view: View
  setView: (view: View) => void
  hosts: readonly HostView[]
  /** How many guests their engine hides. */
  hidden: number
  shown: readonly Column[]
  onColumn: (column: Column) => void
  narrow: boolean
}

const pill = 'h-[26px] rounded-full border border-line-strong bg-ground px-2 text-muted text-sm'

/** Filter by text, state, kind and host; choose columns. */
export function ListFilters({ view, setView, hosts, hidden, shown, onColumn, narrow }: Props) {
  return (
    <>
      <input
        type="search"
        aria-label={m.guest.filter}
        placeholder={m.guest.filter}
        value={view.text}
        onChange={(event) => setView({ ...view, text: event.target.value })}
        className="field h-[28px] min-h-0 w-[260px] text-sm max-md:w-full"
      />
      <select
        aria-label={m.guest.filterState}
        value={view.state}
        onChange={(event) => setView({ ...view, state: guestStates.find((each) => each === event.target.value) ?? '' })}
        className={pill}
      >
        <option value="">{`${m.guest.filterState.toLowerCase()}: ${m.common.any}`}</option>
        {guestStates.map((state) => (
          <option key={state} value={state}>
            {m.state[state]}
          </option>
        ))}
      </select>
      <select
        aria-label={m.guest.filterKind}
        value={view.kind}
        onChange={(event) => setView({ ...view, kind: guestTypes.find((each) => each === event.target.value) ?? '' })}
        className={pill}
      >
        <option value="">{`${m.guest.filterKind.toLowerCase()}: ${m.common.any}`}</option>
        {guestTypes.map((type) => (
          <option key={type} value={type}>
            {m.type[type]}
          </option>
        ))}
      </select>
      {(hosts.length > 1 || view.host) && (
        <select
          aria-label={m.guest.filterHost}
          value={view.host}
          onChange={(event) => setView({ ...view, host: event.target.value })}
          className={pill}
        >
          <option value="">{`${m.guest.filterHost.toLowerCase()}: ${m.common.any}`}</option>
          {hosts.map((host) => (
            <option key={host.id} value={host.id}>
              {host.name}
            </option>
          ))}
        </select>
      )}
      {(hidden > 0 || view.hidden) && (
        <label className={`${pill} flex items-center gap-1.5 has-checked:border-accent`}>
          <input
            type="checkbox"
            checked={view.hidden}
            onChange={(event) => setView({ ...view, hidden: event.target.checked })}
            className="size-3 accent-accent"
          />
          {m.guest.hiddenCount(hidden)}
        </label>
      )}
      {!narrow && (
        <Menu
          label={m.guest.chooser}
          items={allColumns
            .filter((column) => !fixedColumns.includes(column))
            .map((column) => ({
              label: m.guest.columns[column],
              checked: shown.includes(column),
              keepOpen: true,
              onSelect: () => onColumn(column),
            }))}
        >
          {m.guest.chooser}
        </Menu>
      )}
    </>
  )
}
