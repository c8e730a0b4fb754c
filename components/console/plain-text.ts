/** Control characters, and those that turn the direction of writing or are not seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu

/** Text of a guest as it may stand in a page beside ours: one line, nothing hidden, at most `length` characters. */
export function plainText(text: string, length: number): string {
  const line = [...text.replace(/\s+/g, ' ').replace(unseen, '').trim()]
  return line.length > length ? `${line.slice(0, length - 1).join('')}…` : line.join('')
}
