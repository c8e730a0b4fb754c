/**
 * An SVG path of values 0..1, the newest at the right edge; a null breaks the line.
 * The scale is at least 10 % so that an idle guest does not look busy, and grows to the largest value.
 */
export function sparkPath(values: readonly (number | null)[], width: number, height: number, slots: number): string {
  const top = Math.max(0.1, ...values.map((value) => value ?? 0))
  const step = width / (slots - 1)
  let path = ''
  let pen = false
  values.forEach((value, index) => {
    if (value === null) {
      pen = false
      return
    }
    const x = width - (values.length - 1 - index) * step
    const y = height - 1.5 - (Math.min(value, top) / top) * (height - 3)
    path += `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`
    // A lone point would be invisible: give it a short stroke.
    if (!pen && (values[index + 1] ?? null) === null) path += 'h-1.5'
    pen = true
  })
  return path
}
