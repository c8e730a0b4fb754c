import { createCipheriv } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

const none = 1
const vncAuthentication = 2
const version = 'RFB 003.008\n'

/** Exactly `size` bytes; what comes after them stays in the stream. Rejects when it ends before. */
async function take(stream: Duplex, size: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = stream.read(size)
    if (bytes && bytes.length === size) return bytes
    if (stream.destroyed || stream.readableEnded || bytes) throw new Error('The screen was closed while signing in to it')
    await new Promise<void>((resolve) => {
      const go = () => {
        for (const name of ['readable', 'end', 'close', 'error']) stream.off(name, go)
        resolve()
      }
      for (const name of ['readable', 'end', 'close', 'error']) stream.on(name, go)
    })
  }
}

const reversed = (byte: number): number => Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2)

/** The answer to a challenge of VNC authentication (RFC 6143, 7.2.2): DES, each byte of the key with its bits the other way round. */
export function answer(password: string, challenge: Uint8Array): Buffer {
  const key = Buffer.alloc(8)
  Buffer.from(password, 'latin1').copy(key, 0, 0, 8)
  const des = key.map(reversed)
  // Three times the same key is plain DES, which OpenSSL 3 no longer offers by itself.
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([des, des, des]), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(challenge), cipher.final()])
}

/**
 * Signs in to a VNC server, so that its password never leaves this process. Resolves when the server waits for ClientInit.
 * Rejects in words, without the password.
 */
export async function signInToVnc(stream: Duplex, password: string): Promise<void> {
  const [, minor] = /^RFB 003\.(\d{3})\n$/.exec((await take(stream, 12)).toString('latin1')) ?? []
  if (minor === undefined) throw new Error('What answers there is no screen')
  const spoken = Number(minor) >= 8 ? 8 : Number(minor) === 7 ? 7 : 3
  stream.write(`RFB 003.00${spoken}\n`)
  let type: number
  if (spoken === 3) type = (await take(stream, 4)).readUInt32BE()
  else {
    const count = (await take(stream, 1))[0] ?? 0
    if (count === 0) throw new Error('The screen takes no more connections')
    const offered = await take(stream, count)
    type = [vncAuthentication, none].find((each) => offered.includes(each)) ?? 0
    if (type) stream.write(Buffer.of(type))
  }
  if (type === vncAuthentication) stream.write(answer(password, await take(stream, 16)))
  else if (type !== none) throw new Error('The screen asks for a way of signing in that is not understood here')
  if (type === none && spoken < 8) return
  if ((await take(stream, 4)).readUInt32BE() !== 0) throw new Error('The screen refused the password that its definition holds')
}

/** Plays to the browser a VNC server that asks for nothing. Resolves with what the browser sent beyond the handshake. */
export function welcomeBrowser(socket: WebSocket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0)
    let chosen = false
    const done = (act: () => void) => {
      socket.off('message', more)
      socket.off('close', gone)
      act()
    }
    const gone = () => done(() => reject(new Error('The page was closed')))
    const more = (data: Buffer, binary: boolean) => {
      if (!binary) return done(() => reject(new Error('Only binary frames are understood here')))
      got = Buffer.concat([got, data])
      if (!chosen && got.length >= version.length) {
        chosen = true
        if (got.toString('latin1', 0, version.length) !== version) return done(() => reject(new Error('This page speaks another RFB')))
        socket.send(Buffer.of(1, none))
      }
      if (got.length <= version.length) return
      if (got[version.length] !== none) return done(() => reject(new Error('This page asks for another way of signing in')))
      socket.pause()
      socket.send(Buffer.alloc(4))
      done(() => resolve(got.subarray(version.length + 1)))
    }
    socket.on('message', more)
    socket.on('close', gone)
    socket.send(Buffer.from(version))
    socket.resume()
  })
}
