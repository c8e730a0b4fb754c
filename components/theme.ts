/** The cookie that holds a chosen theme, so that the server can write the class and no inline script is needed. */
export const themeCookie = 'bailiwick_theme'
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The theme in force on this page. */
export function currentTheme(): Theme {
  const list = document.documentElement.classList
  return list.contains('dark') ? 'dark' : list.contains('light') ? 'light' : 'system'
}

const listeners = new Set<() => void>()

/** Calls `listener` when a theme is chosen on this page; returns how to stop. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Applies a theme at once and keeps it for a year. */
export function setTheme(theme: Theme): void {
  const list = document.documentElement.classList
  list.remove('dark', 'light')
  if (theme !== 'system') list.add(theme)
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${theme === 'system' ? 0 : 31_536_000}; samesite=lax`
  for (const listener of listeners) listener()
}
