import { type CSSProperties, useState } from 'react'

/** The text came with the page, and is of the console that was shown first: for another one, or later, it is wrong. */
let over = false
export const firstTextOver = (): void => {
  over = true
}
export const useFirstText = (given: string): string => useState(() => (over ? '' : given))[0]

/** What stands on a console, as plain text in the place of the terminal: for the time until that can draw it. */
export function FirstGlass({ text, style }: { text: string; style?: CSSProperties }) {
  return (
    <div className="console-first" style={style}>
      <pre>{text}</pre>
    </div>
  )
}

/** A console before anything is known of its guest: the text that came with the page, and room for the toolbar. */
export function FirstConsole({ text, own, loading }: { text: string; own: boolean; loading: string }) {
  return (
    <section className={`console${own ? ' console-own' : ''}`} aria-busy>
      <div className="console-bar">
        <span className="console-pill">{loading}</span>
      </div>
      <div className="console-glass">
        <FirstGlass text={text} />
      </div>
    </section>
  )
}
