import { open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { User } from '@/server/services'
import { parseContentRange } from './content-range'
import type { UploadState, Uploads } from './uploads'

/** Nothing for this long ends the request; the browser goes on from what is here. */
const idleMs = 60_000

function reply(
  res: ServerResponse,
  status: number,
  upload: Pick<UploadState, 'sizeBytes'> | null,
  received: number,
  message?: string,
): void {
  if (res.headersSent || res.destroyed) return
  // Words alone where a person is to read them; what a program goes on from is JSON.
  const forProgram = upload && (status < 400 || status === 409)
  const body = forProgram ? JSON.stringify({ received, sizeBytes: upload.sizeBytes, message }) : (message ?? '')
  res.writeHead(status, {
    'content-type': forProgram ? 'application/json' : 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(upload ? { 'upload-received': received, 'upload-size': upload.sizeBytes } : {}),
    // What was sent and not read would be taken for the next request.
    ...(status >= 400 ? { connection: 'close' } : {}),
  })
  res.end(res.req.method === 'HEAD' ? undefined : body)
}

/** Appends the request's body to the file at `from`, never more than `length` bytes. Returns how many came. */
async function append(req: IncomingMessage, path: string, from: number, length: number): Promise<number> {
  const file = await open(path, 'r+')
  let taken = 0
  try {
    await pipeline(
      req,
      async function* (source) {
        for await (const piece of source as AsyncIterable<Buffer>) {
          if (taken + piece.length > length) throw new RangeError('more bytes than announced')
          taken += piece.length
          yield piece
        }
      },
      async (source) => {
        let at = from
        for await (const piece of source as AsyncIterable<Buffer>) {
          let done = 0
          while (done < piece.length) done += (await file.write(piece, done, piece.length - done, at + done)).bytesWritten
          at += piece.length
        }
      },
    )
  } finally {
    await file.datasync().catch(() => {})
    await file.close()
  }
  return taken
}

/**
 * PUT and HEAD of /upload/<id>. A PUT carries `content-range: bytes FROM-TO/SIZE`, and FROM must be what is here; 409 tells what is.
 * Replies carry what is here in the header `upload-received`; 200 and 409 hold it as JSON too, other errors are plain words. Another user's upload looks like none.
 */
export function createUploadHandler(uploads: Uploads) {
  const busy = new Set<string>()

  async function put(req: IncomingMessage, res: ServerResponse, upload: UploadState): Promise<void> {
    const range = parseContentRange(req.headers['content-range'])
    if (!range) return reply(res, 400, upload, upload.received, 'content-range must be "bytes FROM-TO/SIZE"')
    if (range.total !== upload.sizeBytes)
      return reply(res, 400, upload, upload.received, `The upload was opened for ${upload.sizeBytes} bytes, not ${range.total}`)
    if (range.from !== upload.received) return reply(res, 409, upload, upload.received, `Go on at byte ${upload.received}`)
    const length = range.to - range.from + 1
    const announced = req.headers['content-length']
    if (announced !== undefined && Number(announced) !== length)
      return reply(res, 400, upload, upload.received, 'content-length and content-range differ')
    req.setTimeout(idleMs, () => req.destroy())
    let failure: unknown
    const taken = await append(req, upload.data, range.from, length).catch((error: unknown) => {
      failure = error
      return 0
    })
    const received = (await uploads.get(upload.id))?.received ?? 0
    if (failure instanceof RangeError) return reply(res, 400, upload, received, 'More bytes came than content-range says')
    if (failure) {
      const full = failure instanceof Error && 'code' in failure && failure.code === 'ENOSPC'
      return reply(res, full ? 507 : 503, upload, received, full ? 'The disk is full' : 'The upload was interrupted')
    }
    if (taken < length) return reply(res, 400, upload, received, 'Fewer bytes came than content-range says')
    reply(res, 200, upload, received)
  }

  return {
    busy: busy as ReadonlySet<string>,
    async handle(req: IncomingMessage, res: ServerResponse, user: User): Promise<void> {
      const id = /^\/upload\/([0-9a-f]{32})$/.exec(new URL(req.url ?? '/', 'http://x').pathname)?.[1]
      const upload = id ? await uploads.get(id) : null
      if (!upload || upload.user !== user.id) return reply(res, 404, null, 0, 'There is no such upload')
      if (req.method === 'HEAD') return reply(res, 200, upload, upload.received)
      if (req.method !== 'PUT') return reply(res, 405, upload, upload.received, 'Use PUT or HEAD')
      if (busy.has(upload.id)) return reply(res, 409, upload, upload.received, 'Another request is writing to this upload')
      busy.add(upload.id)
      try {
        // Read again: a request that has just ended may have added bytes since.
        await put(req, res, (await uploads.get(upload.id)) ?? upload)
      } finally {
        busy.delete(upload.id)
      }
    },
  }
}
