import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStatic } from './http-static'

const script = `console.log(${JSON.stringify('a'.repeat(4000))})`
let folder: string
let server: Server
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-static-'))
  mkdirSync(join(folder, 'static', 'chunks', '[id]'), { recursive: true })
  writeFileSync(join(folder, 'static', 'chunks', 'main.js'), script)
  writeFileSync(join(folder, 'static', 'chunks', '[id]', 'page.js'), 'page')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  const serve = createStatic(join(folder, 'static'))
  server = createServer(async (req, res) => {
    if (!(await serve(req, res, req.url ?? ''))) res.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const get = (path: string, encoding = 'identity') =>
  new Promise<{ status?: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const { port } = server.address() as AddressInfo
    request({ host: '127.0.0.1', port, path, headers: { 'accept-encoding': encoding } }, (res) => {
      const pieces: Buffer[] = []
      res.on('data', (piece: Buffer) => pieces.push(piece))
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(pieces) }))
    })
      .on('error', reject)
      .end()
  })

describe('files of the build', () => {
  it('come in the encoding that the client takes, to be kept for good', async () => {
    const path = '/_next/static/chunks/main.js'
    const [br, gzip, plain, again] = await Promise.all([
      get(path, 'gzip, deflate, br'),
      get(path, 'gzip'),
      get(path),
      get(path, 'br;q=0, gzip'),
    ])
    expect([br, gzip, plain, again].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip', undefined, 'gzip'])
    expect(brotliDecompressSync(br.body).toString()).toBe(script)
    expect(gunzipSync(gzip.body).toString()).toBe(script)
    expect(plain.body.toString()).toBe(script)
    expect(br.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(br.headers['cache-control']).toContain('immutable')
  })

  it('are found under names that are escaped in the address', async () => {
    expect((await get('/_next/static/chunks/%5Bid%5D/page.js')).body.toString()).toBe('page')
  })

  it.each([
    '/_next/static/../secret.txt',
    '/_next/static/%2e%2e/secret.txt',
    '/_next/static/chunks',
    '/_next/static/',
    '/_next/static/%zz',
  ])('%s is none', async (path) => {
    expect((await get(path)).status).toBe(404)
  })
})
