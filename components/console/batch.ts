type Waiting = { bytes: Uint8Array; drawn: () => void }

/**
 * Hands bytes to a terminal in large pieces: one write at a time, and everything that came meanwhile in the next.
 * A terminal parses a piece at once and then draws; many small pieces would cost a frame each. The first byte never waits.
 */
export class Batch {
  #waiting: Waiting[] = []
  #writing = false

  constructor(
    private readonly write: (bytes: Uint8Array, done: () => void) => void,
    private readonly most: number,
  ) {}

  push(bytes: Uint8Array, drawn: () => void): void {
    this.#waiting.push({ bytes, drawn })
    if (!this.#writing) this.#next()
  }

  #next(): void {
    const taken = this.#take()
    const only = taken[0]
    if (!only) return
    this.#writing = true
    this.write(taken.length === 1 ? only.bytes : joined(taken), () => {
      this.#writing = false
      for (const { drawn } of taken) drawn()
      if (!this.#writing) this.#next()
    })
  }

  #take(): Waiting[] {
    let size = 0
    let count = 0
    for (const { bytes } of this.#waiting) {
      if (count > 0 && size + bytes.length > this.most) break
      size += bytes.length
      count++
    }
    return this.#waiting.splice(0, count)
  }
}

function joined(parts: Waiting[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { bytes }) => sum + bytes.length, 0))
  let at = 0
  for (const { bytes } of parts) {
    all.set(bytes, at)
    at += bytes.length
  }
  return all
}
