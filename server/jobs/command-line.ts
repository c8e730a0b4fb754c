import type { StepView } from '@/server/model/plan'

const plain = /^[\w@%+=:,./-]+$/

/** An argument as one would type it into a POSIX shell. For showing only: nothing here is ever run by a shell. */
const typed = (argument: string): string => (plain.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`)

/** A step as one line that can be copied into a terminal. */
export function commandLine(step: StepView): string {
  if (step.argv) return step.argv.map(typed).join(' ')
  return step.write ? `write ${step.write.path}` : step.title
}
