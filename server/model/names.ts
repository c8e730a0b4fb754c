/** What a rule of names allows, in words, and whether one character may stand inside a name. */
export type NameRule = { words: string; allows: (character: string) => boolean }

const anyEngine: NameRule = { words: 'Only a–z, 0–9, - and _', allows: (character) => /^[a-z0-9_-]$/.test(character) }
const longest = 63
const mostNamed = 4

function describe(character: string): string {
  if (character === ' ') return 'a space'
  if (character === '\t') return 'a tab'
  if (character === '\n' || character === '\r') return 'a line break'
  if (/[\p{C}\p{Z}]/u.test(character)) return 'a character that cannot be seen'
  if (/[A-Z]/.test(character)) return `upper-case “${character}”`
  return `“${character}”`
}

/** The characters of a name that the rule does not allow, each once, in words; null when it allows all. */
export function wrongCharacters(name: string, { words, allows }: NameRule): string | null {
  const wrong = [...new Set([...name].filter((character) => !allows(character)).map(describe))]
  if (wrong.length === 0) return null
  const named = wrong.slice(0, mostNamed)
  if (wrong.length > mostNamed) named.push(`${wrong.length - mostNamed} more`)
  const last = named.pop()
  return `${words}: not ${named.length > 0 ? `${named.join(', ')} or ` : ''}${last}`
}

/** What is wrong with a name for a new guest or snapshot, whatever the engine, in words; null when nothing is. */
export function wrongName(name: string, rule: NameRule = anyEngine): string | null {
  if (name === '') return 'Give it a name'
  // A name that the engine would take and we do not is held against our own rule.
  const characters = wrongCharacters(name, rule) ?? wrongCharacters(name, anyEngine)
  if (characters) return characters
  if (!/^[a-z]/.test(name)) return `Must start with a letter a–z, not with “${name.slice(0, 1)}”`
  if (name.endsWith('-')) return 'Must not end with -'
  return name.length > longest ? `At most ${longest} characters: this has ${name.length}` : null
}
