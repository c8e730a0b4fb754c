import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logDir } from './paths.mjs'

/** A command that ended badly: its argv, its code, the end of its output and what a person can try. */
export class CommandError extends Error {
  constructor(argv, code, tail, hint) {
    super(`${argv.join(' ')} ended with ${code}`)
    this.tail = tail
    this.hint = hint
  }
}

/** Text without terminal colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
export const plain = (text) => String(text ?? '').replace(/\u001b\[[0-9;]*m/g, '')

/** Its last lines, without empty ones. */
export const lastLines = (text, count = 20) =>
  plain(text)
    .split('\n')
    .filter((line) => line.trim() && !/^\s+at .*<(unknown|anonymous)>/.test(line))
    .slice(-count)

/** Runs a command and returns `{ code, stdout, stderr }`; never rejects: a program that is missing has code 127. */
export function capture(argv, { env, input, timeoutMs = 30_000, cwd } = {}) {
  return new Promise((resolve) => {
    const child = spawn(argv[0], argv.slice(1), {
      cwd,
      env: env ?? process.env,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ code: 127, stdout, stderr: String(error.message) })
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code: code ?? signal, stdout, stderr })
    })
    if (input !== undefined) {
      child.stdin.on('error', () => {}) // It may end without reading; its code says why.
      child.stdin.end(input)
    }
  })
}

/**
 * Runs a long command with its output in `.bailiwick/logs/<log>.log`.
 * Rejects with `CommandError`, which holds the last lines and `hint`.
 */
export function logged(argv, { log, env, hint, cwd } = {}) {
  mkdirSync(logDir, { recursive: true })
  const path = join(logDir, `${log}.log`)
  const fd = openSync(path, 'w')
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', fd, fd],
    })
    child.on('error', (error) => {
      closeSync(fd)
      reject(new CommandError(argv, error.code ?? 'an error', [error.message], hint))
    })
    child.on('close', (code, signal) => {
      closeSync(fd)
      if (code === 0) resolve(path)
      else reject(new CommandError(argv, code ?? signal, [...lastLines(readFileSync(path, 'utf8')), `(all of it: ${path})`], hint))
    })
  })
}
