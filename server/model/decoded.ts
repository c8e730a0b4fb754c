/** A part of an address as it was meant. One with a stray % stays as it is: it is the id of nothing. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
