/** Stands for what could not be read as a number: every rule refuses it, so the server names it together with all other faults. */
export const invalid = -1

export const wholeNumber = (text: string): number | null => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : null)

/** Public keys, one a line. */
export const keyLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** What was said about an input: of a list (`sshKeys`) also what was said about any of its entries (`sshKeys.2`). */
export const faultOf = (errors: Record<string, string>, field: string): string | undefined =>
  errors[field] ?? Object.entries(errors).find(([key]) => key.startsWith(`${field}.`))?.[1]

/** What was said about things for which the form shows no input, as lines. */
export const unplaced = (errors: Record<string, string>, fields: readonly string[]): string[] =>
  Object.entries(errors).flatMap(([key, words]) =>
    fields.some((field) => key === field || key.startsWith(`${field}.`)) ? [] : [key === 'image' ? words : `${key}: ${words}`],
  )
