import { existsSync } from 'node:fs'
import { connect } from 'node:net'

/** Whether somebody listens on a Unix socket: 'yes', 'no', or 'forbidden' when we may not ask. */
export function answers(path, timeoutMs = 2_000) {
  if (!existsSync(path)) return Promise.resolve('no')
  return new Promise((resolve) => {
    const socket = connect(path)
    const end = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => end('no'))
    socket.on('connect', () => end('yes'))
    socket.on('error', (error) => end(error.code === 'EACCES' || error.code === 'EPERM' ? 'forbidden' : 'no'))
  })
}

/** Waits until somebody listens; false when nobody does within `timeoutMs`. */
export async function waitForAnswer(path, timeoutMs = 20_000) {
  for (const until = Date.now() + timeoutMs; Date.now() < until; ) {
    if ((await answers(path)) !== 'no') return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}
