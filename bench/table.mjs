import { goals, isMet } from './goals.mjs'

const number = (value, digits) =>
  Number.isFinite(value) ? value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }) : '?'

const figures = ({ unit, digits }, values) => `${values.map((value) => number(value, digits)).join(' / ')}${unit && ` ${unit}`}`

const bound = (goal) => {
  const text = `${goal.goal.join(' / ')}${goal.unit && ` ${goal.unit}`}`
  return goal.goal.every((value) => value === 0) ? 'none' : `${goal.better === 'more' ? '≥' : '≤'} ${text}`
}

/**
 * The table in Markdown. `results`: by key, `{ values, note? }` or `{ error }`; what has no result is left out.
 * `beside`: lines about what stands beside the figures.
 */
export function table(machine, results, beside = []) {
  const rows = goals
    .filter(({ key }) => results[key])
    .map((goal) => {
      const { values = [], error } = results[goal.key]
      const here = error
        ? `failed: ${error}`
        : `${isMet(goal, values) ? '' : '**'}${figures(goal, values)}${isMet(goal, values) ? '' : '**'}`
      return [goal.figure, goal.cockpit, goal.incusUi, bound(goal), here, isMet(goal, values) ? 'met' : 'MISSED']
    })
  const head = ['figure', 'Cockpit-machines 288', 'Incus-UI (June 2026)', 'goal', 'Bailiwick', '']
  const widths = head.map((word, i) => Math.max(word.length, ...rows.map((row) => row[i].length)))
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`
  const notes = goals.flatMap(({ key, figure }) => (results[key]?.note ? [`- ${figure}: ${results[key].note}`] : []))
  return [
    ...machine,
    '',
    line(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...rows.map(line),
    '',
    ...notes,
    ...beside.map((text) => `- ${text}`),
  ].join('\n')
}
