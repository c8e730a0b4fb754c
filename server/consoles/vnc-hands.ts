import { UsKeys } from './vnc-keys'
import type { ScreenClientMessage } from './vnc-messages'
import type { Upstream } from './vnc-upstream'
import { cutText, extendedKeyEvent, keyEvent, pointerEvent } from './vnc-wire'

type Input = ScreenClientMessage & { t: 'key' | 'code' | 'pointer' | 'cut' }
/** Nobody holds more at once; what else is claimed is not kept. */
const mostKeys = 64

/** The keys and buttons that the one who types holds down in a guest; they can be let go for one who left or lost the keyboard. */
export class Hands {
  #held = new Map<string, Input>()
  #keys = new UsKeys()
  #pointer = { x: 0, y: 0, buttons: 0 }

  input(up: Upstream, message: Input): void {
    if (message.t === 'cut') up.send(cutText(6, message.text))
    else if (message.t === 'pointer') {
      this.#pointer = message
      up.send(pointerEvent(message.buttons & 0x7f, message.x, message.y))
    } else {
      const key = `${message.t} ${message.t === 'code' ? message.code : message.keysym}`
      if (!message.down) this.#held.delete(key)
      else if (this.#held.size < mostKeys) this.#held.set(key, { ...message, down: false })
      this.#key(up, message)
    }
  }

  #key(up: Upstream, message: Input & { t: 'key' | 'code' }) {
    if (message.t === 'code' && up.scanCodes) return up.send(extendedKeyEvent(message.down, message.keysym, message.code))
    const symbol = message.t === 'key' ? message.keysym : this.#keys.symbol(message.down, message.code, message.keysym)
    // 0 is no key.
    if (symbol) up.send(keyEvent(message.down, symbol))
  }

  /** Lets go of everything. `up`: absent when there is nobody to tell. */
  lift(up: Upstream | null): void {
    // Last pressed, first let go: a modifier goes after what it modifies.
    for (const message of [...this.#held.values()].reverse())
      if (up && (message.t === 'key' || message.t === 'code')) this.#key(up, message)
    if (up && this.#pointer.buttons) up.send(pointerEvent(0, this.#pointer.x, this.#pointer.y))
    this.#held.clear()
    this.#keys = new UsKeys()
    this.#pointer = { ...this.#pointer, buttons: 0 }
  }
}
