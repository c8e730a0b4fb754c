import type { LogPlace } from './kept-folder'

/** So much of the end of what a guest said finds the place in its log again. */
const tailBytes = 512

/** The end of what a guest itself said, no lines of ours, and where in its log that is. */
export class Said {
  tail: Buffer
  /** How much it was in all. */
  length = 0
  /** Where in its log it was when it had said how much. */
  #place: (LogPlace & { length: number }) | null

  constructor(past?: { tail: Uint8Array; place: LogPlace | null }) {
    this.tail = Buffer.from(past?.tail ?? [])
    this.#place = past?.place ? { ...past.place, length: 0 } : null
  }

  add(bytes: Uint8Array): void {
    this.length += bytes.length
    this.tail = bytes.length >= tailBytes ? Buffer.from(bytes.subarray(-tailBytes)) : Buffer.concat([this.tail, bytes]).subarray(-tailBytes)
  }

  /** Its end is there for sure. */
  isAt(place: LogPlace | null): void {
    this.#place = place && { ...place, length: this.length }
  }

  /** Where in the log its end is, as far as it is known. */
  place(): LogPlace | null {
    const place = this.#place
    return place && { path: place.path, offset: place.offset + this.length - place.length }
  }
}
