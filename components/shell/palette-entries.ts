import { m } from '@/components/messages'
import { guestPath } from '@/components/paths'
import { type Theme, themes } from '@/components/theme'
import { can } from '@/server/model/can'
import type { EngineInfo } from '@/server/model/capability'
import type { Guest } from '@/server/model/guest'

export const verbs = ['start', 'stop', 'kill', 'restart', 'pause', 'resume'] as const
export type Verb = (typeof verbs)[number]

type Does = { go: string } | { verb: Exclude<Verb, 'kill'>; guest: Guest } | { ask: 'kill' | 'snapshot.create'; guest: Guest }
export type Entry = { key: string; label: string; kind: string; allowed: true | string } & (
  | Does
  | { panel: 'keys' | 'jobs' }
  | { theme: Theme }
)

const pages: [string, string][] = [
  [m.nav.overview, '/'],
  [m.nav.guests, '/guests'],
  [m.create.title, '/guests/new'],
  [m.nav.jobs, '/jobs'],
  [m.nav.recordings, '/recordings'],
  [m.nav.images, '/images'],
  [m.nav.hosts, '/hosts'],
]
type Found = { rank: number; entry: Entry }
const most = 30

/** How well a name fits what was typed: 0 best, null not at all. */
function fit(name: string, wanted: string): number | null {
  const at = name.toLowerCase().indexOf(wanted)
  return at < 0 ? null : at === 0 ? (name.length === wanted.length ? 0 : 1) : 2
}

const begins = (word: string, typed: string) => typed.length > 1 && word.startsWith(typed)

type Command = {
  word: string
  verb: Verb | 'snapshot.create' | 'snapshot.restore'
  label: (name: string) => string
  does(guest: Guest): Does
}

/** What is done with a guest by a word and its name. Restoring leads to the snapshots that there are. */
const commands: Command[] = [
  ...verbs.map(
    (verb): Command => ({
      word: verb,
      verb,
      label: (name) => `${m.guest.actions[verb]} ${name}`,
      does: (guest) => (verb === 'kill' ? { ask: verb, guest } : { verb, guest }),
    }),
  ),
  {
    word: 'snapshot',
    verb: 'snapshot.create',
    label: m.palette['snapshot.create'],
    does: (guest) => ({ ask: 'snapshot.create', guest }),
  },
  {
    word: 'restore',
    verb: 'snapshot.restore',
    label: m.palette['snapshot.restore'],
    does: ({ id }) => ({ go: guestPath(id, 'snapshots') }),
  },
]

/** "theme", or "theme dark". */
const themeEntries = (first: string, name: string): Found[] =>
  themes.flatMap((theme) =>
    begins('theme', first) && (theme.startsWith(name) || m.user[theme].toLowerCase().startsWith(name))
      ? [
          {
            rank: 2,
            entry: { key: `theme ${theme}`, label: `${m.user.theme}: ${m.user[theme]}`, kind: m.palette.action, allowed: true, theme },
          },
        ]
      : [],
  )

/** What the palette offers for a text: guests, pages, themes, and "verb name" as a command with the reason where it is refused. */
export function paletteEntries(text: string, guests: readonly Guest[], info: (guest: Guest) => EngineInfo | undefined): Entry[] {
  const wanted = text.trim().toLowerCase()
  const [first = '', ...rest] = wanted.split(/\s+/)
  const found: Found[] = []
  const meant = commands.filter(({ word }) => begins(word, first))
  for (const guest of guests) {
    const rank = fit(guest.name, wanted)
    if (rank !== null)
      found.push({ rank, entry: { key: guest.id, label: guest.name, kind: m.type[guest.type], allowed: true, go: guestPath(guest.id) } })
    for (const { verb, label, does } of meant) {
      const nameRank = fit(guest.name, rest.join(' '))
      if (nameRank === null) continue
      const allowed = can(verb, guest, info(guest))
      // Commands that make sense now come before those that do not.
      found.push({
        rank: (rest.length ? 0 : 3) + nameRank + (allowed === true ? 0 : 4),
        entry: { key: `${verb} ${guest.id}`, label: label(guest.name), kind: m.palette.action, allowed, ...does(guest) },
      })
    }
  }
  found.push(...themeEntries(first, rest.join(' ')))
  for (const [label, go] of pages) {
    const rank = fit(label, wanted)
    if (rank !== null) found.push({ rank: wanted ? rank : -1, entry: { key: go, label, kind: m.palette.page, allowed: true, go } })
  }
  if (fit(m.keys.title, wanted) !== null)
    found.push({ rank: 5, entry: { key: 'keys', label: m.keys.title, kind: m.palette.action, allowed: true, panel: 'keys' } })
  // The last of all: what is typed is more often a name than a line of text.
  if (wanted.length > 2)
    found.push({
      rank: 99,
      entry: {
        key: 'text',
        label: m.palette.searchText(text.trim()),
        kind: m.palette.action,
        allowed: true,
        go: `/recordings?q=${encodeURIComponent(text.trim())}`,
      },
    })
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ entry }) => entry)
}
