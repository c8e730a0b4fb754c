/** How a keyboard gets out of a terminal, which takes every other key for itself. */
export const leaveKeys = 'Control+Shift+ArrowUp'

/** Moves the focus from the terminal to what somebody waits for, else to the tools. False when there is nothing to go to. */
export function leaveTerminal(event: KeyboardEvent, screen: HTMLElement | null): boolean {
  const around = screen?.closest('.console')
  const to =
    around?.querySelector<HTMLElement>('.console-people-notice button') ?? around?.querySelector<HTMLElement>('.console-people > button')
  if (!to) return false
  event.preventDefault()
  to.focus()
  return true
}
