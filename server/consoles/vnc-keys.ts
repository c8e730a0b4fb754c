/** Keys of a US keyboard by their XT scan code: what each types alone and with Shift. */
const rows: [first: number, plain: string, shifted: string][] = [
  [0x02, '1234567890-=', '!@#$%^&*()_+'],
  [0x10, 'qwertyuiop[]', 'QWERTYUIOP{}'],
  [0x1e, "asdfghjkl;'`", 'ASDFGHJKL:"~'],
  [0x2b, '\\zxcvbnm,./', '|ZXCVBNM<>?'],
  [0x39, ' ', ' '],
]
const printed = new Map<number, [plain: number, shifted: number]>(
  rows.flatMap(([first, plain, shifted]) =>
    [...plain].map((key, at): [number, [number, number]] => [first + at, [key.charCodeAt(0), shifted.charCodeAt(at)]]),
  ),
)

const shiftKeys = new Set([0x2a, 0x36])

/**
 * Keys for a server that knows no scan codes (bhyve before FreeBSD 14). Such a one takes each symbol for the key that a US keyboard
 * has it on; so it is told the symbol of the US keyboard that lies where the key was pressed, and the guest's own layout does the rest.
 */
export class UsKeys {
  readonly #down = new Map<number, number>()
  #shift = new Set<number>()

  /** The symbol to send for a key; `keysym` is what it would be for the one who pressed it. */
  symbol(down: boolean, code: number, keysym: number): number {
    if (shiftKeys.has(code)) this.#shift[down ? 'add' : 'delete'](code)
    const held = this.#down.get(code)
    if (!down) {
      this.#down.delete(code)
      return held ?? printed.get(code)?.[0] ?? keysym
    }
    const symbol = held ?? printed.get(code)?.[this.#shift.size ? 1 : 0] ?? keysym
    this.#down.set(code, symbol)
    return symbol
  }
}
