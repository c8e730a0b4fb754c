const sizeKey = 'bailiwick.console.font'
const readerKey = 'bailiwick.reader'
const smallest = 8
const largest = 28

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing still shows a console.
  }
}

/** Text size in px, as last chosen; smaller on a phone. */
export function fontSize(): number {
  const kept = Number(read(sizeKey))
  return kept >= smallest && kept <= largest ? kept : matchMedia('(max-width: 480px)').matches ? 11 : 13
}
export function keepFontSize(px: number): number {
  const size = Math.min(largest, Math.max(smallest, px))
  keep(sizeKey, String(size))
  return size
}

/** Whether terminals also write their text for screen readers: chosen here, or by ?reader=1 in the address. */
export const readerMode = (): boolean => new URLSearchParams(location.search).get('reader') === '1' || read(readerKey) === '1'
export const keepReaderMode = (on: boolean): void => keep(readerKey, on ? '1' : '0')
