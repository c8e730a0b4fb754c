import { AppError } from '@/server/errors'
import { ExecError } from '@/server/exec/error'
import type { Argv, Plan, Step } from '@/server/model/plan'
import { asRoot, checkedPath } from './argv'
import { type On, plan, refuse, under } from './plan-parts'
import { type CbsdHost, hookPaths, type Known } from './types'

/*
 * CBSD calls an executable at the begin and end of its commands when nc.inventory switches that on and cbsd_queue.conf names it.
 * Our lines stand in both files between two marks, so that they can be taken out again and nothing else is touched.
 */

const largest = 1024 * 1024

/** What CBSD calls. It never fails and never waits: CBSD runs it within its commands. Its text holds no value of anybody. */
const script = `#!/bin/sh
# Tells Bailiwick of changes: one line for each call. Bailiwick put it here and takes it away again when asked to.
log="\${0%/etc/*}/var/db/bailiwick-events.log"
size=$(wc -c <"$log" 2>/dev/null) || size=0
[ "$size" -lt ${largest} ] || : >"$log"
printf '%s\\n' "$*" >>"$log" 2>/dev/null
exit 0
`

const begin = '# Bailiwick: from here'
/** The file did not end with a line end, which is put back. */
const beginJoined = '# Bailiwick: from here, after a line without an end'
const end = '# Bailiwick: to here'

const queues = ['jail', 'bhyve', 'qemu', 'repo', 'media', 'import']
const configLines = (path: string) => [
  `cbsd_queue_backend="${checkedPath(path)}"`,
  ...queues.map((queue) => `cbsd_${queue}_queue_name="bailiwick"`),
]
const inventoryLines = ['mod_cbsd_queue_enabled="YES"']

/** A file with our lines at its end: later assignments win. */
export function withLines(text: string, lines: string[]): string {
  const joined = text !== '' && !text.endsWith('\n')
  return `${text}${joined ? '\n' : ''}${[joined ? beginJoined : begin, ...lines, end].join('\n')}\n`
}

/** The same file without them, to the byte; null when they are not in it. */
export function withoutLines(text: string): string | null {
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line === begin || line === beginJoined)
  const to = lines.indexOf(end, from)
  if (from < 0 || to < 0) return null
  const joined = lines[from] === beginJoined
  const rest = [...lines.slice(0, from), ...lines.slice(to + 1)].join('\n')
  return joined && to === lines.length - 2 ? rest.replace(/\n$/, '') : rest
}

/** The text of a file; null when there is none. Rejects when it cannot be read. */
async function textOf(cbsd: CbsdHost, path: string): Promise<string | null> {
  const { exec } = cbsd.context
  if ((await exec.stat(path)) === null) return null
  try {
    return Buffer.from(await exec.readFile(path, { maxBytes: largest })).toString('utf8')
  } catch (error) {
    if (error instanceof ExecError) throw new AppError('unavailable', `${path} cannot be read: ${error.message}`)
    throw error
  }
}

const kept = (path: string) => `${path}.before-bailiwick`

/**
 * Writes a file with the rights of root, and keeps its owner and mode: `tee` writes into the file that is there. The old one is
 * kept beside it until all is done, and comes back when a later step fails.
 */
function replace(cbsd: CbsdHost, path: string, old: string | null, content: string): Step[] {
  const write: Step = { title: `Write ${path}`, argv: asRoot(cbsd, 'tee', '--', path), stdin: content }
  if (old === null) return [{ ...write, undo: asRoot(cbsd, 'rm', '-f', '--', path) }]
  const undo: Argv = asRoot(cbsd, 'mv', '-f', '--', kept(path), path)
  return [{ title: `Keep ${path}`, argv: asRoot(cbsd, 'cp', '-p', '--', path, kept(path)), undo }, write]
}

/** Plans the hook, or its removal without a trace. Refuses where another program is told already. */
export async function planHook(op: On<'hook.install' | 'hook.remove'>, known: Known): Promise<Plan> {
  const { cbsd } = known
  const paths = hookPaths(under(cbsd))
  const locks = ['hook']
  const files = { config: await textOf(cbsd, paths.config), inventory: await textOf(cbsd, paths.inventory) }
  if (op.kind === 'hook.remove') {
    const steps: Step[] = []
    const copies: string[] = []
    for (const [path, text] of [
      [paths.config, files.config],
      [paths.inventory, files.inventory],
    ] as const) {
      const rest = text === null ? null : withoutLines(text)
      if (rest === null) continue
      const [keep, write] = replace(cbsd, path, text, rest)
      if (!keep || !write) continue
      // A file that held nothing but our lines was made by us.
      steps.push(keep, rest === '' ? { title: `Remove ${path}`, argv: asRoot(cbsd, 'rm', '-f', '--', path) } : write)
      copies.push(kept(path))
    }
    if (steps.length === 0) throw new AppError('not-found', 'CBSD does not tell Bailiwick of changes')
    steps.push({ title: 'Remove what was put there', argv: asRoot(cbsd, 'rm', '-f', '--', paths.script, paths.log, ...copies) })
    return plan(steps, { kind: 'host', list: 'hook', key: 'on', present: false }, locks, [
      'Changes made elsewhere then show with the next look, a few seconds later.',
    ])
  }

  const { hook } = await known.hostDetail()
  if (hook === 'foreign') throw refuse(`Another program is told of changes (cbsd_queue_backend in ${paths.config}): it stays`)
  if (hook === 'on' || (files.config !== null && withoutLines(files.config) !== null))
    throw new AppError('conflict', 'CBSD tells Bailiwick of changes already')
  if (files.inventory === null) throw refuse(`${paths.inventory} is missing: cbsd initenv makes it`)
  const enabled = /^\s*mod_cbsd_queue_enabled=["']?YES["']?\s*$/m.test(files.inventory)
  const inventory = enabled ? [] : replace(cbsd, paths.inventory, files.inventory, withLines(files.inventory, inventoryLines))
  const config = replace(cbsd, paths.config, files.config, withLines(files.config ?? '', configLines(paths.script)))
  const gone = asRoot(cbsd, 'rm', '-f', '--', paths.script, paths.log)
  const copies = [...(enabled ? [] : [kept(paths.inventory)]), ...(files.config === null ? [] : [kept(paths.config)])]
  const steps: Step[] = [
    { title: `Write ${paths.script}`, argv: asRoot(cbsd, 'tee', '--', paths.script), stdin: script, undo: gone },
    { title: 'Make it executable', argv: asRoot(cbsd, 'chmod', '0755', paths.script) },
    { title: `Make ${paths.log}`, argv: asRoot(cbsd, 'tee', '--', paths.log), stdin: '' },
    ...config,
    ...inventory,
  ]
  if (copies.length > 0) steps.push({ title: 'Remove the copies', argv: asRoot(cbsd, 'rm', '-f', '--', ...copies) })
  const warnings = ['CBSD then runs a script of Bailiwick’s at the begin and end of its commands. It only adds a line to a file.']
  return plan(steps, { kind: 'host', list: 'hook', key: 'on', present: true }, locks, warnings)
}
