// Functions that run inside the page: each stands alone, for it is sent there as text.

/** Notes in `benchList` when a table of `total` rows was painted from top to bottom of its window: ms since navigation began. */
export function markList(total) {
  window.benchList = new Promise((resolve) => {
    const complete = () => {
      const table = document.querySelector(`table[aria-rowcount="${total + 1}"]`)
      const rows = table?.querySelectorAll('tbody tr[aria-rowindex]')
      const last = rows?.[rows.length - 1]
      if (!last) return false
      return rows.length === total || last.getBoundingClientRect().bottom >= table.parentElement.getBoundingClientRect().bottom
    }
    const observer = new MutationObserver(() => {
      if (!complete()) return
      observer.disconnect()
      // The frame that shows it has been drawn when a task after its frame callback runs.
      requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => resolve(performance.now())
        channel.port2.postMessage(0)
      })
    })
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-rowcount'] })
  })
}

/** Scrolls through the whole list and gives the names of all rows that were seen. */
export async function readAllNames() {
  const table = document.querySelector('table[aria-rowcount]')
  const scroller = table.parentElement
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
  const names = new Set()
  for (let top = 0; ; top += scroller.clientHeight / 2) {
    scroller.scrollTop = top
    await frame()
    await frame()
    for (const link of table.querySelectorAll('tbody tr[aria-rowindex] a[href^="/guests/"]')) names.add(link.textContent)
    if (top >= scroller.scrollHeight) return [...names]
  }
}

/** Resolves with the time (ms since 1970, with fractions) at which the list showed `state` for a guest and that was painted. */
export function markState({ name, state }) {
  const shown = () => {
    const link = [...document.querySelectorAll('tbody tr[aria-rowindex] a[href^="/guests/"]')].find((one) => one.textContent === name)
    return link?.closest('tr')?.querySelector('[role=img]')?.getAttribute('aria-label')?.toLowerCase() === state
  }
  window.benchState = new Promise((resolve) => {
    const done = () =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => resolve(performance.timeOrigin + performance.now())
        channel.port2.postMessage(0)
      })
    if (shown()) return done()
    const observer = new MutationObserver(() => {
      if (!shown()) return
      observer.disconnect()
      done()
    })
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label'] })
  })
}

/**
 * From now on notes for each letter typed how long it took from the key (the event's own time, ms) until the terminal
 * had put it into its row, in the frame that draws it: `benchEcho`.
 */
export function markEcho() {
  const rows = document.querySelector('.xterm-rows')
  window.benchEcho = []
  let line = ''
  // Keys that are not on the glass yet: a slow one is still counted when the next was pressed before it showed.
  let waiting = []
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.key.length > 1) {
        line = ''
        return
      }
      line += event.key
      waiting.push({ line, at: event.timeStamp })
    },
    true,
  )
  new MutationObserver(() => {
    if (waiting.length === 0) return
    const typed = rows.textContent.split(/[#$]\s/).at(-1) ?? ''
    const now = performance.now()
    waiting = waiting.filter((key) => {
      if (!typed.startsWith(key.line)) return true
      window.benchEcho.push(now - key.at)
      return false
    })
  }).observe(rows, { subtree: true, childList: true, characterData: true })
}

/** Resolves in `benchRow` with the ms from the next key until a row of the terminal reads exactly `text`, or matches /`pattern`/. */
export function markRow({ text, pattern, key }) {
  const rows = document.querySelector('.xterm-rows')
  const wanted = pattern ? new RegExp(pattern) : null
  window.benchRow = new Promise((resolve) => {
    let at = 0
    document.addEventListener(
      'keydown',
      function listen(event) {
        if (event.key !== key) return
        at = event.timeStamp
        document.removeEventListener('keydown', listen, true)
      },
      true,
    )
    const observer = new MutationObserver(() => {
      if (!at) return
      const lines = [...rows.children].map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd())
      const last = lines.findLast((line) => line !== '') ?? ''
      if (wanted ? !wanted.test(last) : !lines.includes(text)) return
      observer.disconnect()
      resolve(performance.now() - at)
    })
    observer.observe(rows, { subtree: true, childList: true, characterData: true })
  })
}
