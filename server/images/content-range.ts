export type ContentRange = { from: number; to: number; total: number }

/** `bytes FROM-TO/TOTAL` with TO included (RFC 9110 §14.4); null when it is not that or makes no sense. */
export function parseContentRange(header: string | undefined): ContentRange | null {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header ?? '')
  if (!found) return null
  const [from, to, total] = [Number(found[1]), Number(found[2]), Number(found[3])]
  return from <= to && to < total ? { from, to, total } : null
}
