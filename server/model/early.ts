/** So much may be typed into a console that is not open yet, bytes. */
const most = 4096

/** What is typed while a console is being opened, here or on the way to the server: it is sent once it is open. */
export class Early<Bytes extends Uint8Array> {
  #bytes: Bytes[] = []

  /** False when it would be too much: then nothing of these is kept. */
  hold(bytes: Bytes): boolean {
    if (this.#bytes.reduce((sum, { length }) => sum + length, bytes.length) > most) return false
    this.#bytes.push(bytes)
    return true
  }

  /** All of it, in order; nothing is left. */
  take(): Bytes[] {
    return this.#bytes.splice(0)
  }
}
