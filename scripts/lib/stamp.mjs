import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inClone, ownDir } from './paths.mjs'

const file = () => join(ownDir, 'stamps.json')

function all() {
  try {
    return JSON.parse(readFileSync(file(), 'utf8'))
  } catch {
    return {} // Absent or torn: everything counts as changed.
  }
}

/** True when `value` was stamped under `name` before. */
export const isStamped = (name, value) => all()[name] === value
export const hasStamp = (name) => name in all()

export function stamp(name, value) {
  mkdirSync(ownDir, { recursive: true })
  writeFileSync(file(), `${JSON.stringify({ ...all(), [name]: value }, null, 2)}\n`)
}

/** Digest of the bytes of files; an absent one counts as empty. */
export function digestOf(...names) {
  const hash = createHash('sha256')
  for (const name of names) hash.update(name).update(existsSync(inClone(name)) ? readFileSync(inClone(name)) : '')
  return hash.digest('hex')
}

const isTest = (name) => /\.(exec\.|contract\.)?test\.(ts|tsx|mjs)$/.test(name) || name === 'transcripts'

function* walk(name) {
  const path = inClone(name)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return
  if (!stat.isDirectory()) {
    yield `${name} ${stat.size} ${Math.round(stat.mtimeMs)}`
    return
  }
  for (const entry of readdirSync(path).sort()) if (!isTest(entry)) yield* walk(`${name}/${entry}`)
}

/** Digest of names, sizes and times of files below folders; tests are left out. Cheap: nothing is read. */
export function digestOfTree(...names) {
  const hash = createHash('sha256')
  for (const name of names) for (const line of walk(name)) hash.update(line).update('\n')
  return hash.digest('hex')
}
