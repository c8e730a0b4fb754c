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
 * Gives `benchGlass`: the lines that a terminal of xterm.js shows, and a call for each frame that draws some. Rows in the
 * page are read there; where it draws on a canvas, as in Cockpit, React knows the terminal, and that says when it has drawn.
 */
export function findGlass() {
  const shown = (lines) => lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd())
  const rows = document.querySelector('.xterm-rows')
  if (rows?.children.length > 0) {
    window.benchGlass = {
      lines: () => shown([...rows.children].map((row) => row.textContent)),
      onDraw(call) {
        const observer = new MutationObserver(call)
        observer.observe(rows, { subtree: true, childList: true, characterData: true })
        return () => observer.disconnect()
      },
    }
    return true
  }
  const element = document.querySelector('.xterm')
  const isTerminal = (one) => Boolean(one && typeof one === 'object' && one.buffer?.active && one.onRender)
  /** In an instance of a component, or in its hooks. */
  const heldBy = (fiber) => {
    const own = fiber.stateNode
    if (own && !(own instanceof Node))
      for (const held of [own, own.state ?? {}]) for (const one of Object.values(held)) if (isTerminal(one)) return one
    for (let hook = fiber.memoizedState; hook && typeof hook === 'object' && 'next' in hook; hook = hook.next)
      for (const one of [hook.memoizedState, hook.memoizedState?.current, hook.memoizedState?.glass?.terminal])
        if (isTerminal(one)) return one
    return null
  }
  let terminal = null
  for (let node = element; node && !terminal; node = node.parentElement) {
    const key = Object.keys(node).find((name) => /^__react(Fiber|InternalInstance)\$/.test(name))
    for (let fiber = key ? node[key] : null; fiber && !terminal; fiber = fiber.return) terminal = heldBy(fiber)
  }
  if (!terminal) return false
  window.benchGlass = {
    lines() {
      const buffer = terminal.buffer.active
      return shown(Array.from({ length: terminal.rows }, (_, i) => buffer.getLine(buffer.viewportY + i)?.translateToString() ?? ''))
    },
    onDraw(call) {
      const listening = terminal.onRender(call)
      return () => listening.dispose()
    },
  }
  return true
}

/**
 * From now on notes for each letter typed how long it took from the key (the event's own time, ms) until the terminal
 * had put it into its row, in the frame that draws it: `benchEcho`.
 */
export function markEcho() {
  const glass = window.benchGlass
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
  glass.onDraw(() => {
    if (waiting.length === 0) return
    const last = glass.lines().findLast((text) => text !== '') ?? ''
    const typed = last.split(/[#$] /).at(-1) ?? ''
    const now = performance.now()
    waiting = waiting.filter((key) => {
      if (!typed.startsWith(key.line)) return true
      window.benchEcho.push(now - key.at)
      return false
    })
  })
}

/** Resolves in `benchRow` with the ms from the next key until a row of the terminal reads exactly `text`, or matches /`pattern`/. */
export function markRow({ text, pattern, key }) {
  const glass = window.benchGlass
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
    const stop = glass.onDraw(() => {
      if (!at) return
      const lines = glass.lines()
      const last = lines.findLast((line) => line !== '') ?? ''
      if (wanted ? !wanted.test(last) : !lines.includes(text)) return
      stop()
      resolve(performance.now() - at)
    })
  })
}

/**
 * Notes in `benchCalm` how well the page answers from now on: each pause between two frames, and from each key `F8` (which
 * no program in the terminal sees) until its handler ran and until the frame after it was drawn; all in ms.
 */
export function markCalm() {
  const calm = { frames: [], handled: [], drawn: [], stop: () => {} }
  let going = true
  let before = performance.now()
  const frame = (now) => {
    calm.frames.push(now - before)
    before = now
    if (going) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  const listen = (event) => {
    if (event.key !== 'F8') return
    event.stopPropagation()
    event.preventDefault()
    calm.handled.push(performance.now() - event.timeStamp)
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => calm.drawn.push(performance.now() - event.timeStamp)
      channel.port2.postMessage(0)
    })
  }
  document.addEventListener('keydown', listen, true)
  calm.stop = () => {
    going = false
    document.removeEventListener('keydown', listen, true)
  }
  window.benchCalm = calm
}

/**
 * Notes in `benchBack` when `text` was first seen, in the text that came with the page or in the terminal's rows (`shown`, in
 * a frame that has been drawn), and when it stood in those rows, where one can type (`live`, `at`): ms since the navigation,
 * `at` since 1970.
 */
export function markBack({ text }) {
  window.benchBack = null
  let shown = null
  const seen = () => {
    shown ??= new Promise((resolve) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => resolve(performance.now())
        channel.port2.postMessage(0)
      }),
    )
  }
  const observer = new MutationObserver(() => {
    if (document.querySelector('.console-first')?.textContent.includes(text)) seen()
    const rows = document.querySelector('.xterm-rows')
    if (!rows || ![...rows.children].some((row) => row.textContent.includes(text))) return
    observer.disconnect()
    seen()
    const live = performance.now()
    void shown.then((first) => {
      window.benchBack = { shown: first, live, at: performance.timeOrigin + live }
    })
  })
  observer.observe(document, { subtree: true, childList: true, characterData: true })
}
