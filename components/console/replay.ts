/**
 * What a terminal answers by itself when a program asks what it is and where its cursor stands
 * (device attributes, cursor position, mode and colour reports, window reports).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control sequences themselves
const report = /^(\x1b\[[?>=]?[\d;]*(\$y|[cnRtyu])|\x1b\][\d;]+[^\x07\x1b]*(\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\)+$/

/**
 * Old output may hold questions that were answered long ago. While it is drawn again, the terminal's new answers
 * must not be typed into the guest.
 */
export class ReplayGuard {
  #until = 0
  #drawn = 0
  #attached = true

  begin(from: number, until: number): void {
    this.#drawn = from
    this.#until = until
  }
  /** Until a source is attached there is nobody to answer; what was printed before that is past too: a log, another life of the guest. */
  source(attached: boolean, seq: number): void {
    this.#attached = attached
    if (attached) this.#until = Math.max(this.#until, seq)
  }
  drawn(seq: number): void {
    this.#drawn = seq
  }
  get replaying(): boolean {
    return !this.#attached || this.#drawn < this.#until
  }
  /** Whether this came from the terminal itself while it drew the past. */
  suppresses(data: string): boolean {
    return this.replaying && report.test(data)
  }
}

/** Whether the terminal sent this by itself. */
export const isReport = (data: string): boolean => report.test(data)
