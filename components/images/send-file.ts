import { client } from '@/components/trpc'
import type { UploadTicket } from '@/server/model/image-request'

const sliceBytes = 8 * 1024 * 1024

export type Sending = { received: number; waiting: boolean }
/** `open`: asks for the upload in another way than for an image. */
type What = {
  host: string
  file: File
  sha256?: string
  medium?: boolean
  open?: () => Promise<UploadTicket>
  signal: AbortSignal
  onProgress: (sending: Sending) => void
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', end, { once: true })
  })

/**
 * Sends a file in slices and returns its upload id once the host has all of it. A slice that fails is not lost:
 * the host is asked how much it has, and sending goes on from there. Rejects when the host refuses the file.
 */
export async function sendFile({ host, file, sha256, medium, open: openOther, signal, onProgress }: What): Promise<string> {
  const about = { host, fileName: file.name, sizeBytes: file.size, sha256: sha256?.toLowerCase(), medium }
  const open = openOther ?? (() => client.image.openUpload.mutate(about))
  let ticket: UploadTicket = await open()
  let failures = 0
  while (ticket.received < file.size) {
    signal.throwIfAborted()
    onProgress({ received: ticket.received, waiting: failures > 0 })
    const end = Math.min(ticket.received + sliceBytes, file.size)
    try {
      const reply = await fetch(ticket.url, {
        method: 'PUT',
        body: file.slice(ticket.received, end),
        headers: { 'content-range': `bytes ${ticket.received}-${end - 1}/${file.size}`, 'content-type': 'application/octet-stream' },
        signal,
      })
      if (reply.ok) {
        ticket = { ...ticket, received: end }
        failures = 0
        continue
      }
      // What the host refuses for good is no use trying again; a conflict means that it has another offset.
      if (reply.status >= 400 && reply.status < 500 && ![408, 409, 416, 429].includes(reply.status)) throw new Refused(await reply.text())
    } catch (error) {
      if (error instanceof Refused || signal.aborted) throw error
    }
    failures++
    onProgress({ received: ticket.received, waiting: true })
    await pause(Math.min(500 * 2 ** failures, 8000), signal)
    signal.throwIfAborted()
    ticket = await open().catch(() => ticket)
  }
  onProgress({ received: file.size, waiting: false })
  return ticket.id
}

class Refused extends Error {}
