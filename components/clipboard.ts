/** Puts text on this computer's clipboard. Resolves to whether it is there now. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Without https there is no such interface, and a browser may refuse it: the old way still works.
    return copyByHand(text)
  }
}

/** What is outside of an open dialog cannot be selected, and what had the keyboard gets it back. */
function copyByHand(text: string): boolean {
  const before = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  const place = before?.closest('dialog') ?? document.body
  place.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  return done
}
