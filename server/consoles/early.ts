/** What is typed while a source is being opened, which it is given once it is open: at most `max` bytes. */
export class Early {
  #bytes: Uint8Array[] = []

  constructor(private readonly max: number) {}

  hold(bytes: Uint8Array): void {
    if (this.#bytes.reduce((sum, { length }) => sum + length, bytes.length) <= this.max) this.#bytes.push(bytes)
  }

  /** All of it, in order; nothing is left. */
  take(): Uint8Array[] {
    return this.#bytes.splice(0)
  }
}
