/** What browsers have beyond the standard library's types: keys that otherwise leave full screen or the page. */
type Keyboard = { lock?: (keys: string[]) => Promise<void>; unlock?: () => void }

const keyboardOf = (from: Navigator): Keyboard | undefined => ('keyboard' in from ? (from.keyboard as Keyboard) : undefined)

export const isFullScreen = (): boolean => document.fullscreenElement !== null

/**
 * Fills the screen with an element, or ends that. Where the browser allows it, Esc and the keys it keeps for itself go to
 * the console meanwhile; one leaves by holding Esc. Resolves to whether Esc is the console's
 * now, or that the browser refused.
 */
export async function toggleFullScreen(element: Element): Promise<boolean | 'refused'> {
  const keyboard = keyboardOf(navigator)
  if (isFullScreen()) {
    keyboard?.unlock?.()
    await document.exitFullscreen()
    return false
  }
  try {
    await element.requestFullscreen()
  } catch {
    return 'refused'
  }
  try {
    await keyboard?.lock?.(['Escape', 'Tab', 'KeyN', 'KeyT', 'KeyW', 'KeyQ', 'F1', 'F3', 'F5', 'F11'])
    return keyboard?.lock !== undefined
  } catch {
    return false
  }
}
