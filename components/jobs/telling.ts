/** The engines' own programs: what is asked of them is what a job is about. */
const engine = /^(virsh|incus|lxc|cbsd) /

/** Programs that only prepare or clear away: they tell nothing of what a job is about. */
const housekeeping = /^(mkdir|install|write|rm|chmod|chown|touch|cp|mv|test|ln) /

/** What stands before the part of a command that differs from job to job. The full command is in the record. */
const preambles: readonly [RegExp, string][] = [
  [/^(?:sudo -n|doas -n) /, ''],
  [/^env (?:-C \S+ )?(?:[A-Za-z][A-Za-z0-9_]*=\S* )*/, ''],
  [/^(?:[A-Za-z][A-Za-z0-9_]*=\S* )+/, ''],
  [/^virsh (?:-q )?-c \S+ /, 'virsh '],
]

/** A command without its preamble: "virsh start --domain web". */
const withoutPreamble = (line: string): string =>
  preambles.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), line) || line

/** The command that says most about a job, as a list has room for it, and how many others there are. */
export function telling(commands: readonly string[]): { command: string; more: number } {
  const bare = commands.map(withoutPreamble)
  const command = bare.find((line) => engine.test(line)) ?? bare.find((line) => !housekeeping.test(line)) ?? bare[0] ?? ''
  return { command, more: Math.max(0, commands.length - 1) }
}
