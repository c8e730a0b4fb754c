import { expect, test } from 'vitest'
import { type Placed, placeMarks } from './place-marks'

const measure = (text: string) => text.length * 6
const area = { left: 60, right: 400, rows: 2, together: 3 }
const overlaps = (a: Placed, b: Placed) => a.row === b.row && a.left < b.left + measure(b.text) && b.left < a.left + measure(a.text)

test('labels far apart stay in the first row', () => {
  expect(
    placeMarks(
      [
        { x: 300, label: 'Stop' },
        { x: 100, label: 'Start' },
      ],
      area,
      measure,
    ),
  ).toEqual([
    { text: 'Start', left: 104, row: 0 },
    { text: 'Stop', left: 304, row: 0 },
  ])
})

test('marks at one place share a label, and the same word is written once', () => {
  const marks = ['Stop', 'Start', 'Stop'].map((label, index) => ({ x: 100 + index, label }))
  expect(placeMarks(marks, area, measure)).toEqual([{ text: 'Stop, Start', left: 104, row: 0 }])
})

test('near the right edge a label stands left of its line, not across it', () => {
  expect(placeMarks([{ x: 390, label: 'Restart' }], area, measure)).toEqual([{ text: 'Restart', left: 390 - 4 - 42, row: 0 }])
})

test('a label of many words stays short', () => {
  const marks = ['create', 'pause', 'resume', 'stop', 'remove'].map((label) => ({ x: 100, label }))
  expect(placeMarks(marks, area, measure).map(({ text }) => text)).toEqual(['create, pause, resume +2'])
})

test('a label without room goes a row lower, the next without room is counted', () => {
  const marks = [100, 110, 120].map((x) => ({ x, label: 'Restart' }))
  expect(placeMarks(marks, area, measure).map(({ text, row }) => [text, row])).toEqual([
    ['Restart', 0],
    ['Restart +1', 1],
  ])
})

test('however many there are, none lies on another or beyond the edge', () => {
  const marks = Array.from({ length: 60 }, (_, index) => ({
    x: 60 + ((index * 137) % 340),
    label: ['Start', 'Take snapshot', 'Kill'][index % 3] ?? '',
  }))
  const placed = placeMarks(marks, area, measure)
  expect(placed.length).toBeGreaterThan(4)
  for (const [index, each] of placed.entries()) {
    expect(each.left).toBeGreaterThanOrEqual(area.left)
    expect(each.left + measure(each.text)).toBeLessThanOrEqual(area.right)
    for (const other of placed.slice(index + 1)) expect(overlaps(each, other), `${each.text} on ${other.text}`).toBe(false)
  }
})
