import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { ExecError, errnoCode } from './error'

const words: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  EACCES: 'this user may not open it',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'the machine cannot be reached',
}
const answerMs = 10_000

/** Opens a TCP or Unix socket. Rejects with `ExecError` in words. */
export function openSocket(target: { kind: 'tcp'; host: string; port: number } | { kind: 'unix'; path: string }): Promise<Socket> {
  const where = target.kind === 'tcp' ? `${target.host}:${target.port}` : target.path
  const options: NetConnectOpts = target.kind === 'tcp' ? { host: target.host, port: target.port, noDelay: true } : { path: target.path }
  return new Promise((resolve, reject) => {
    const socket = connect(options)
    const fail = (why: string, cause?: unknown) => {
      socket.destroy()
      reject(new ExecError(`Cannot connect to ${where}: ${why}`, { reason: 'connect', cause }))
    }
    const failed = (error: Error) => fail(words[errnoCode(error) ?? ''] ?? error.message, error)
    const timer = setTimeout(() => fail(`no answer within ${answerMs / 1000} s`), answerMs)
    socket.once('error', failed)
    socket.once('close', () => clearTimeout(timer))
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', failed)
      resolve(socket)
    })
  })
}
