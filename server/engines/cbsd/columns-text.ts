/**
 * Lists that CBSD pads with column(1): two or more blanks between cells. An error in such a list is cut into cells as well,
 * and its exit code is 0: what comes first then ends in a colon ("jsnapshot:  ufs  not  implemented").
 */
export type Listing = { rows: string[][]; error?: string }

/** `header`: the first column's name, which is no row, for it is printed in spite of header=0 in some lists. */
export function parseListing(stdout: string, header: string): Listing {
  const rows = stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s{2,}/))
  const first = rows[0]?.[0] ?? ''
  if (first.endsWith(':') || /^(No such|Please set|Unable)/.test(first))
    return { rows: [], error: rows.map((cells) => cells.join(' ')).join('; ') }
  return { rows: rows.filter((cells) => cells[0]?.toLowerCase() !== header.toLowerCase()) }
}
