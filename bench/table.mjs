import { goals, isMet } from './goals.mjs'

const number = (value, digits) =>
  Number.isFinite(value) ? value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }) : '?'

/** The values in their unit; where each has one of its own, each with it. */
const figures = ({ unit, units, digits }, values) =>
  units
    ? values.map((value, i) => `${number(value, digits)} ${units[i]}`).join(' / ')
    : `${values.map((value) => number(value, digits)).join(' / ')}${unit && ` ${unit}`}`

const bound = (goal) => {
  if (goal.goal.length === 0) return '–'
  const text = `${goal.goal.join(' / ')}${goal.unit && ` ${goal.unit}`}`
  return goal.goal.every((value) => value === 0) ? 'none' : `${goal.better === 'more' ? '≥' : '≤'} ${text}`
}

function verdict(goal, { values = [], error }) {
  if (error) return 'MISSED'
  if (goal.goal.length === 0) return ''
  return isMet(goal, values) ? 'met' : 'MISSED'
}

const ours = (goal, { values = [], error }) => {
  if (error) return `failed: ${error}`
  return verdict(goal, { values }) === 'MISSED' ? `**${figures(goal, values)}**` : figures(goal, values)
}

/** What Cockpit reached in this run, or why that could not be seen; and what it reached earlier. */
function cockpit(goal, peers) {
  const now = peers?.results?.[goal.key]
  const earlier = goal.cockpit === '–' ? '' : ` (earlier: ${goal.cockpit})`
  if (!now && peers?.machines?.keys.includes(goal.key)) return `not here¹${earlier}`
  if (!now) return goal.cockpit === '–' ? '–' : `earlier: ${goal.cockpit}`
  if (now.error) return `not measured: ${now.error}${earlier}`
  return `${now.words ?? figures(goal, now.values)}${earlier}`
}

function plain(goal, found) {
  if (!goal.plain || !found) return '–'
  const of = ({ [goal.plain]: value }) => figures(goal, [value].flat())
  return `${of(found.local)}; \`incus exec\`: ${of(found.incus)}`
}

function lines(head, rows) {
  const widths = head.map((word, i) => Math.max(word.length, ...rows.map((row) => row[i].length)))
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)]
}

/**
 * The tables in Markdown. `results`: by key, `{ values, note? }` or `{ error }`; what has no result is left out. Beside them
 * `plain`, what plain terminals reached, and `peers`, what Cockpit reached in the same run or why it did not.
 */
export function table(machine, results) {
  const { peers, plain: found } = results
  const measured = goals.filter(({ key }) => results[key])
  const [general, consoles] = [measured.filter(({ about }) => !about), measured.filter(({ about }) => about === 'consoles')]
  const name = `Cockpit ${peers?.version ?? ''}, this run`.replace(' ,', ',')
  const parts = [...machine, '']
  if (general.length > 0)
    parts.push(
      ...lines(
        ['figure', peers?.results ? name : 'Cockpit-machines 288', 'Incus-UI (June 2026)', 'goal', 'Bailiwick', ''],
        general.map((goal) => [
          goal.figure,
          peers?.results ? cockpit(goal, peers) : goal.cockpit,
          goal.incusUi,
          bound(goal),
          ours(goal, results[goal.key]),
          verdict(goal, results[goal.key]),
        ]),
      ),
      '',
    )
  if (consoles.length > 0)
    parts.push(
      ...lines(
        ['console', 'plain terminal, this run', name, 'Incus-UI (June 2026)', 'goal', 'Bailiwick', ''],
        consoles.map((goal) => [
          goal.figure,
          plain(goal, found),
          cockpit(goal, peers),
          goal.incusUi,
          bound(goal),
          ours(goal, results[goal.key]),
          verdict(goal, results[goal.key]),
        ]),
      ),
      '',
    )
  if (found?.error) parts.push(`Plain terminals were not measured: ${found.error}`, '')
  if (peers?.reason) parts.push(`Cockpit was not measured: ${peers.reason}`, '')
  if (peers?.machines) parts.push(`¹ Cockpit-machines: ${peers.machines.reason}.`, '')
  const beside = Object.entries(peers?.results ?? {}).flatMap(([key, { note }]) => {
    const goal = goals.find((one) => one.key === key)
    return note && goal ? [`- Cockpit, ${goal.figure}: ${note}`] : []
  })
  const notes = goals.flatMap(({ key, figure }) => (results[key]?.note ? [`- ${figure}: ${results[key].note}`] : []))
  return [...parts, ...notes, ...beside].join('\n')
}
