import { createCipheriv } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Bytes } from './vnc-bytes'

const none = 1
const vncAuthentication = 2

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
export async function signInToVnc(stream: Duplex, bytes: Bytes, password: string | undefined): Promise<void> {
  const [, minor] = /^RFB 003\.(\d{3})\n$/.exec((await bytes.take(12)).toString('latin1')) ?? []
  if (minor === undefined) throw new Error('What answers there is no screen')
  const spoken = Number(minor) >= 8 ? 8 : Number(minor) === 7 ? 7 : 3
  stream.write(`RFB 003.00${spoken}\n`)
  let type: number
  if (spoken === 3) type = (await bytes.take(4)).readUInt32BE()
  else {
    const count = (await bytes.take(1))[0] ?? 0
    if (count === 0) throw new Error('The screen takes no more connections')
    const offered = await bytes.take(count)
    type = [vncAuthentication, none].find((each) => offered.includes(each)) ?? 0
    if (type) stream.write(Buffer.of(type))
  }
  if (type === vncAuthentication) {
    if (password === undefined) throw new Error('The screen asks for a password that its definition does not hold')
    stream.write(answer(password, await bytes.take(16)))
  } else if (type !== none) throw new Error('The screen asks for a way of signing in that is not understood here')
  if (type === none && spoken < 8) return
  if ((await bytes.take(4)).readUInt32BE() !== 0) throw new Error('The screen refused the password that its definition holds')
}
