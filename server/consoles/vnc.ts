import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Exec } from '../exec/types'
import { type ConsoleTarget, consoleClose } from '../model/console'
import { closeReason } from './session'
import { signInToVnc, welcomeBrowser } from './vnc-auth'

const high = 1024 * 1024
const low = 256 * 1024

/** Carries RFB bytes between a browser and a VNC server, one connection per viewer, with backpressure both ways. */
export async function bridgeVnc(socket: WebSocket, port: { exec(): Exec; target(): Promise<ConsoleTarget> }): Promise<void> {
  // RFB begins with the server: nothing the client says is wanted before.
  socket.pause()
  let stream: Duplex | undefined
  let early: Buffer = Buffer.alloc(0)
  try {
    const target = await port.target()
    if (target.kind === 'pty') throw new Error('This console is no screen')
    stream = await port.exec().connect(target)
    // A page that leaves meanwhile must not leave a connection behind.
    const connected = stream
    socket.once('close', () => connected.destroy())
    // Who reads it hears of its end; nobody may die of it.
    stream.on('error', () => {})
    if (target.password !== undefined) {
      await signInToVnc(stream, target.password)
      early = await welcomeBrowser(socket)
    }
  } catch (error) {
    stream?.destroy()
    socket.resume()
    socket.close(consoleClose.ended, closeReason(error instanceof Error ? error.message : String(error)))
    return
  }
  if (socket.readyState !== socket.OPEN) {
    stream.destroy()
    return
  }
  pipe(socket, stream)
  if (early.length) stream.write(early)
  socket.resume()
}

function pipe(socket: WebSocket, stream: Duplex): void {
  const end = (reason: string) => {
    stream.destroy()
    if (socket.readyState === socket.OPEN) socket.close(consoleClose.ended, closeReason(reason))
  }
  stream.on('data', (bytes: Buffer) => {
    socket.send(bytes, () => {
      if (stream.isPaused() && socket.bufferedAmount < low) stream.resume()
    })
    if (socket.bufferedAmount > high) stream.pause()
  })
  stream.on('error', (error: Error) => end(`The screen was lost: ${error.message}`))
  stream.on('end', () => end('The screen was closed by the host'))
  stream.on('close', () => end('The screen was closed by the host'))
  socket.on('message', (data: Buffer, binary: boolean) => {
    if (!binary) return end('Only binary frames are understood here')
    if (!stream.write(data)) socket.pause()
  })
  stream.on('drain', () => socket.resume())
  socket.on('close', () => stream.destroy())
}
