import { readdirSync, readFileSync } from 'node:fs'

const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null // It has ended.
  }
}

/** Fields of /proc/<pid>/stat after the name, proc(5): [0] is the state, [1] the parent. */
function stat(pid) {
  const text = read(`/proc/${pid}/stat`)
  return text ? text.slice(text.lastIndexOf(')') + 2).split(' ') : null
}

/** A process and all that descend from it and still run. */
export function tree(pid) {
  const parents = new Map()
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? stat(name) : null
    if (fields) parents.set(Number(name), Number(fields[1]))
  }
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}

// USER_HZ is 100 on every Linux that Node runs on.
const tick = 0.01

/** Seconds of processor time that one process has used itself. */
export function ownCpu(pid) {
  const fields = stat(pid)
  return fields ? (Number(fields[11]) + Number(fields[12])) * tick : 0
}

/** Seconds that a process, those that descend from it, and those of them that have ended have used: user and system. */
export function treeCpu(pid) {
  let sum = 0
  for (const one of tree(pid)) {
    const fields = stat(one)
    if (fields) sum += [11, 12, 13, 14].reduce((total, index) => total + Number(fields[index]), 0) * tick
  }
  return sum
}

/** Resident memory in bytes. */
export function rss(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) * 1024
}
