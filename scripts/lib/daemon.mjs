// Starts one program that outlives us: `node daemon.mjs <folder> <name> <program> [arguments …]`.
// Its output goes to <folder>/<name>.log and its process id to <folder>/<name>.pid. Plain Node, run as root where sudo is needed.
import { spawn } from 'node:child_process'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, name, program, ...args] = process.argv.slice(2)
mkdirSync(folder, { recursive: true, mode: 0o755 })
const log = openSync(join(folder, `${name}.log`), 'a')
// A daemon belongs to nobody's work folder and reads nobody's terminal.
const child = spawn(program, args, { cwd: '/', detached: true, stdio: ['ignore', log, log] })
child.on('error', (error) => {
  console.error(error.message)
  process.exitCode = 1
})
child.on('spawn', () => {
  writeFileSync(join(folder, `${name}.pid`), `${child.pid}\n`)
  child.unref()
})
