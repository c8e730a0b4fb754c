import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { capture } from './run.mjs'

/** Node's version as numbers compares: true from 20.19 on. */
export function nodeIsNewEnough(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 20 || (major === 20 && minor >= 19)
}

/** The fields of an os-release file, quotes taken off. */
export function parseOsRelease(text) {
  const fields = {}
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim())
    if (match) fields[match[1]] = match[2] ?? match[3] ?? match[4] ?? ''
  }
  return fields
}

/** What runs here: its name, and the Debian release when it is one that set-up knows. */
export function readSystem(path = '/etc/os-release') {
  if (process.platform !== 'linux') return { name: process.platform, debian: null, codename: null }
  const fields = existsSync(path) ? parseOsRelease(readFileSync(path, 'utf8')) : {}
  const version = Number(fields.VERSION_ID)
  const known = fields.ID === 'debian' && (version === 12 || version === 13)
  return { name: fields.PRETTY_NAME ?? 'an unknown Linux', debian: known ? version : null, codename: fields.VERSION_CODENAME ?? null }
}

/** Where a program is on PATH (sbin included), or null. */
export function which(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

export const hasSystemd = () => existsSync('/run/systemd/system')

/**
 * How to become root: `[]` when already, `['sudo', '-n']` when sudo lets us, null when not.
 * Where sudo wants a password and there is a terminal, it asks once.
 */
export async function becomeRoot(ask) {
  if (process.getuid?.() === 0) return []
  if (!which('sudo')) return null
  if ((await capture(['sudo', '-n', 'true'])).code === 0) return ['sudo', '-n']
  return process.stdin.isTTY && (await ask()) ? ['sudo', '-n'] : null
}
