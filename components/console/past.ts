import { standsAlone } from '@/server/model/stands-alone'
import { joined } from './skim'

type Write = (bytes: Uint8Array, drawn: () => void) => void
type Piece = { bytes: Uint8Array; drawn: () => void }

const encoder = new TextEncoder()
/** A full reset (RIS): the screen that stood for the past goes in the frame that draws the past. */
const reset = encoder.encode('\x1bc')
/** The past is drawn when nothing of it came for so long, ms, though some is missing. */
const lull = 100

/**
 * Draws a long past in two steps: its last screen at once, and then all of it, over that, in one go. Ten thousand lines take a
 * terminal that has just begun a tenth of a second and more.
 */
export class Past {
  #held: Piece[] | null = null
  #missing = 0
  #seen = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly write: Write) {}

  /** `screen`: the end of the next `bytes` bytes, which belong on a glass that is empty. */
  begin(screen: string, bytes: number): void {
    if (!standsAlone(screen)) return
    const held: Piece[] = []
    this.#held = held
    this.#missing = bytes
    this.#seen = false
    this.write(encoder.encode(screen), () =>
      // After the frame that shows it.
      requestAnimationFrame(() =>
        setTimeout(() => {
          if (this.#held !== held) return
          this.#seen = true
          if (this.#missing <= 0) this.end()
        }),
      ),
    )
  }

  push(bytes: Uint8Array, drawn: () => void): void {
    if (!this.#held) {
      this.write(bytes, drawn)
      return
    }
    this.#held.push({ bytes, drawn })
    this.#missing -= bytes.length
    clearTimeout(this.#timer)
    if (this.#missing <= 0 && this.#seen) this.end()
    else this.#timer = setTimeout(() => this.end(), lull)
  }

  /** Draws what there is of the past, if it still waits. */
  end(): void {
    const held = this.#drop()
    if (!held) return
    this.write(joined([reset, ...held.map(({ bytes }) => bytes)]), () => {
      for (const { drawn } of held) drawn()
    })
  }

  /** What waits is of no use any more. */
  reset(): void {
    for (const { drawn } of this.#drop() ?? []) drawn()
  }

  #drop() {
    clearTimeout(this.#timer)
    const held = this.#held
    this.#held = null
    return held
  }
}
