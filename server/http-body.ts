import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/**
 * The body of a request as text, or null when it is longer than `limit` bytes: then no more than that was kept.
 * Rejects when the client goes away in the middle.
 */
export function readBody(req: IncomingMessage, limit: number): Promise<string | null> {
  if (Number(req.headers['content-length'] ?? 0) > limit) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let size = 0
    const onData = (piece: Buffer) => {
      size += piece.length
      if (size <= limit) return pieces.push(piece)
      req.off('data', onData).pause()
      resolve(null)
    }
    req.on('data', onData)
    req.once('end', () => resolve(Buffer.concat(pieces).toString('utf8')))
    req.once('close', () => reject(new Error('The client went away')))
  })
}

/** A browser shows an answer only after it has sent its whole body, so this much of one is let in, unread, before a reset. */
const drainBytes = 64 * 1024 * 1024
const drainMs = 5000

/**
 * Answers a request whose body is too long without keeping the rest: what still arrives is thrown away for a moment,
 * so that the client gets to see the answer instead of a reset, and then the connection ends.
 */
export function endEarly(req: IncomingMessage, res: ServerResponse, text: string): void {
  res.setHeader('Connection', 'close')
  res.setHeader('Content-Length', Buffer.byteLength(text))
  if (req.readableEnded) return void res.end(text)
  // The reply is whole by its length; ending it here would close the connection, and with it what the client still sends.
  res.write(text)
  let left = drainBytes
  const timer = setTimeout(() => req.destroy(), drainMs).unref()
  req.on('data', (piece: Buffer) => {
    left -= piece.length
    if (left < 0) req.destroy()
  })
  req.once('end', () => res.end())
  req.once('close', () => clearTimeout(timer))
  req.resume()
}

/** The best encoding a client takes. Weights are not looked at: nobody sends them to prefer plain text. */
export function acceptedEncoding(header: string | string[] | undefined): 'br' | 'gzip' | null {
  const accepted = String(header ?? '')
  return /\bbr\b(?!;q=0(\.0+)?(,|$))/.test(accepted) ? 'br' : /\bgzip\b(?!;q=0(\.0+)?(,|$))/.test(accepted) ? 'gzip' : null
}

/** Compresses off the main thread. `quality`: 4 while somebody waits, 9 and more for what is kept. */
export function compress(bytes: Uint8Array, encoding: 'br' | 'gzip', quality: number): Promise<Buffer> {
  if (encoding === 'gzip') return zip(bytes, { level: Math.min(9, quality + 2) })
  return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
}
