import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { sendRecorded } from '../http-recording'
import type { RecordingInfo } from '../model/recording'
import type { SessionInfo } from '../services'
import { castLines } from './cast-lines'
import { sendRecording } from './send'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const cast = '{"version": 2, "width": 80, "height": 24}\n[0.5, "o", "\\u001b[31mhel"]\n[1.5, "o", "lo\\u001b[m\\r\\nworld\\r\\n"]\n'
const info: RecordingInfo = {
  id: '0123456789abcdef',
  guest: 'local~incus~we"b',
  kind: 'shell',
  people: [],
  input: false,
  startedAt: 0,
  endedAt: 1500,
  sizeBytes: cast.length,
  seconds: 1.5,
}
const session: SessionInfo = { token: 't', user: { id: 'u', name: 'ada', role: 'admin' }, expiresAt: Number.MAX_SAFE_INTEGER }

/** The route over a real file. `may`: the guests whose recordings the person may read. */
async function serve(may: string[] = [info.guest]) {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-send-'))
  const path = join(folder, 'a.cast')
  writeFileSync(path, cast)
  const audited: string[] = []
  const services = {
    access: {
      allows: (_: unknown, permission: string, at: string) =>
        permission === 'recording.read' && may.some((guest) => at === `guest/${guest}`),
      audit: async ({ action, target, ok }: { action: string; target: string; ok: boolean }) =>
        void audited.push(`${action} ${target} ${ok}`),
    },
    recordings: {
      get: async () => info,
      send: (res: Parameters<typeof sendRecording>[0], _: unknown, format: 'cast' | 'txt', options: { inline: boolean; gzip: boolean }) =>
        sendRecording(res, { format, name: 'web', path, lines: (signal) => castLines(path, signal), ...options }),
    },
  }
  const http = createServer((req, res) => {
    void sendRecorded(req, res, services, session, '::1').then((refusal) => refusal && res.writeHead(refusal.status).end(refusal.message))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    http.closeAllConnections()
    http.close()
    rmSync(folder, { recursive: true })
  })
  return { base: `http://127.0.0.1:${(http.address() as AddressInfo).port}/recording/${info.id}`, audited }
}

it('sends the file for the disk, and its text without escape sequences', async () => {
  const { base, audited } = await serve()
  const file = await fetch(`${base}.cast`)
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="web.cast"')
  expect(file.headers.get('content-length')).toBe(String(cast.length))
  expect(await file.text()).toBe(cast)
  const text = await fetch(`${base}.txt`)
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(await text.text()).toBe('hello\nworld\n')
  expect(audited).toEqual(['cast', 'txt'].map((format) => `recording.download ${info.guest} ${info.id}.${format} true`))
})

it('sends it compressed to the player, and writes down that it was played', async () => {
  const { base, audited } = await serve()
  const reply = await fetch(`${base}.cast?play`)
  expect(reply.headers.get('content-encoding')).toBe('gzip')
  expect(reply.headers.get('content-disposition')).toContain('inline')
  expect(reply.headers.get('x-recording-bytes')).toBe(String(cast.length))
  expect(await reply.text()).toBe(cast)
  expect(audited).toEqual([`recording.play ${info.guest} ${info.id}.cast true`])
})

it('sends nothing of a guest that one may not see, as if there were none, and writes it down', async () => {
  const { base, audited } = await serve(['local~incus~other'])
  const reply = await fetch(`${base}.cast`)
  expect([reply.status, await reply.text()]).toEqual([404, 'There is no such recording'])
  expect(audited).toEqual([`recording.download ${info.guest} ${info.id}.cast false`])
})
