/** X key symbols for text: Latin-1 as it is, control keys by name, the rest by Unicode. */
export function keysymsOf(text: string): number[] {
  return [...text.replace(/\r\n?/g, '\n')].map((character) => {
    const point = character.codePointAt(0) ?? 0
    if (character === '\n') return 0xff0d
    if (character === '\t') return 0xff09
    return (point >= 0x20 && point <= 0x7e) || (point >= 0xa0 && point <= 0xff) ? point : 0x01000000 + point
  })
}
