/** A mark to be labelled: where its line stands and what is written beside it. */
export type Placeable = { x: number; label: string }
/** A label with its place: `row` counts from the top. */
export type Placed = { text: string; left: number; row: number }

const gap = 4
/** Words in one label before the rest is only counted. */
const mostWords = 3

/**
 * Where the labels of marks stand so that none lies on another: marks nearer than `together` share a label, as "Stop" and "Start"
 * a moment apart; near the right edge a label stands left of its line; one without room goes a row lower, and one that finds no room
 * in any row is counted in the last label before it ("Start +1"). All lengths are in the canvas's pixels; `measure` tells how wide
 * a text is.
 */
export function placeMarks(
  marks: readonly Placeable[],
  area: { left: number; right: number; rows: number; together: number },
  measure: (text: string) => number,
): Placed[] {
  const groups: { x: number; labels: string[] }[] = []
  for (const { x, label } of [...marks].sort((a, b) => a.x - b.x)) {
    const last = groups.at(-1)
    if (last && x - last.x <= area.together) last.labels.push(label)
    else groups.push({ x, labels: [label] })
  }
  const placed: (Placed & { labels: string[]; more: number })[] = []
  const write = (labels: string[], more: number) => {
    const words = [...new Set(labels)]
    const others = more + Math.max(0, words.length - mostWords)
    return words.slice(0, mostWords).join(', ') + (others > 0 ? ` +${others}` : '')
  }
  const beside = (x: number, width: number) => Math.max(area.left, x + gap + width <= area.right ? x + gap : x - gap - width)
  const fits = (left: number, right: number, row: number, self?: Placed) =>
    placed.every(
      (other) => other === self || other.row !== row || right + gap <= other.left || left >= other.left + measure(other.text) + gap,
    )
  for (const { x, labels } of groups) {
    const text = write(labels, 0)
    const width = measure(text)
    const left = beside(x, width)
    const row = Array.from({ length: area.rows }, (_, index) => index).find((index) => fits(left, left + width, index))
    if (row !== undefined) {
      placed.push({ text, left, row, labels, more: 0 })
      continue
    }
    const last = placed.at(-1)
    if (!last) continue
    const longer = write(last.labels, last.more + labels.length)
    const shifted = Math.max(area.left, Math.min(last.left, area.right - measure(longer)))
    if (!fits(shifted, shifted + measure(longer), last.row, last)) continue
    Object.assign(last, { text: longer, left: shifted, more: last.more + labels.length })
  }
  return placed.map(({ text, left, row }) => ({ text, left, row }))
}
