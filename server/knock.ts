import { createConnection } from 'node:net'
import { AppError } from './errors'
import { errnoCode } from './exec/error'

const withinMs = 8000

/** Why a place cannot be reached, and which input is at fault. */
function unreachable(error: unknown, address: string, port: number): AppError {
  const at = (field: string, words: string) => new AppError('unavailable', words, field, { cause: error })
  switch (errnoCode(error)) {
    case 'ECONNREFUSED':
      return at('address', `${address} is there, but nothing answers at port ${port}: is sshd running?`)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return at('address', `There is no host named ${address}`)
    case 'ETIMEDOUT':
      return at('address', `${address} did not answer at port ${port} within ${withinMs / 1000} s`)
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return at('address', `${address} cannot be reached: no way leads there`)
    default:
      return at('address', `${address} cannot be reached: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Whether anything answers at a port: ssh-keyscan is silent when nothing does. Rejects with `unavailable`, naming the input at fault. */
export function knock(address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: address, port, timeout: withinMs })
    const end = (error?: unknown) => {
      socket.destroy()
      if (error) reject(unreachable(error, address, port))
      else resolve()
    }
    socket.on('connect', () => end())
    socket.on('error', end)
    socket.on('timeout', () => end(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
  })
}
