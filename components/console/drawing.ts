import { WebglAddon } from '@xterm/addon-webgl'
import type { Terminal } from '@xterm/xterm'
import type { Looks } from './preferences'

/** Names of drivers that are software. Not every browser counts them as slow by itself. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** Whether a graphics card draws here: one that software plays is slower than the plain page. Asked once per page: that takes 10 ms. */
function hasGraphics(): boolean {
  known ??= ask()
  return known
}
let known: boolean | null = null

function ask(): boolean {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  if (!context) return false
  const names = context.getExtension('WEBGL_debug_renderer_info')
  const driver = names ? String(context.getParameter(names.UNMASKED_RENDERER_WEBGL)) : ''
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return !software.test(driver)
}

/**
 * Draws a terminal with the graphics card where wished and possible; without it, and once it is lost, the page draws it.
 * The page begins: asking for a graphics card takes longer than drawing the first text.
 */
export class Drawing {
  #addon: WebglAddon | null = null
  #lost = false
  #wish: Looks['drawing'] = 'off'
  #begun = false
  #ended = false

  constructor(private readonly terminal: Terminal) {
    const begin = () => {
      if (this.#ended) return
      this.#begun = true
      this.choose(this.#wish)
    }
    // Safari has no idle times.
    if ('requestIdleCallback' in window) requestIdleCallback(begin, { timeout: 500 })
    else setTimeout(begin, 100)
  }

  /** Which one draws now. */
  get by(): 'graphics' | 'page' {
    return this.#addon ? 'graphics' : 'page'
  }

  choose(wish: Looks['drawing']): void {
    this.#wish = wish
    if (!this.#begun) return
    const wanted = wish === 'on' || (wish === 'auto' && hasGraphics())
    if (!wanted) this.#drop()
    else if (!this.#addon && !this.#lost) this.#take()
  }

  #take(): void {
    const addon = new WebglAddon()
    addon.onContextLoss(() => {
      // Browsers take contexts away when there are many, or when the driver fails: it would happen again.
      this.#lost = true
      this.#drop()
    })
    try {
      this.terminal.loadAddon(addon)
      this.#addon = addon
    } catch {
      addon.dispose()
    }
  }

  dispose(): void {
    this.#ended = true
  }

  #drop(): void {
    this.#addon?.dispose()
    this.#addon = null
  }
}
