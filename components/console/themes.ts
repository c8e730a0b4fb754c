import type { Looks } from './preferences'

const colours = [
  ['background', '--term-ground'],
  ['foreground', '--term-text'],
  ['cursor', '--term-cursor'],
  ['cursorAccent', '--term-ground'],
  ['selectionBackground', '--term-selection'],
  // The ruler of search hits has no line of its own.
  ['overviewRulerBorder', '--term-ground'],
  ...['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'].flatMap((name) => [
    [name, `--term-${name}`],
    [`bright${name[0]?.toUpperCase()}${name.slice(1)}`, `--term-bright-${name}`],
  ]),
] as [string, string][]

/** The colours of a terminal in `element`, from the style sheet, as xterm wants them. */
export function themeOf(element: HTMLElement): Record<string, string> {
  const style = getComputedStyle(element)
  return Object.fromEntries(colours.map(([key, token]) => [key, style.getPropertyValue(token).trim()]).filter(([, value]) => value))
}

const pageIsDark = (): boolean => getComputedStyle(document.documentElement).colorScheme === 'dark'

/** The theme to draw: `page` goes with the page around it. */
export const themeNow = (theme: Looks['theme']): Exclude<Looks['theme'], 'page'> =>
  theme === 'page' ? (pageIsDark() ? 'dark' : 'light') : theme

/** Tells when the page may have become light or dark. */
export function onPageTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributeFilter: ['class'] })
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', listener)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', listener)
  }
}
