import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative } from 'node:path'
import { acceptedEncoding, compress } from './http-body'

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
}
const packed = new Set(['.woff2', '.png', '.ico'])

/**
 * Serves /_next/static of a build. Next would compress each file anew for each request, with gzip only; here each is
 * compressed once, when first asked for, and better. Only files that were there at the start are served, so a path
 * can name nothing else. Returns false for what is not a file of the build.
 */
export function createStatic(folder: string) {
  const files = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) files.set(`/_next/static/${relative(folder, path)}`, path)
  }
  const kept = new Map<string, Promise<Buffer>>()

  async function bytes(path: string, encoding: 'br' | 'gzip' | null): Promise<Buffer> {
    if (!encoding) return readFile(path)
    const key = `${encoding} ${path}`
    const known = kept.get(key)
    if (known) return known
    const made = readFile(path).then((plain) => compress(plain, encoding, 9))
    kept.set(key, made)
    // A read that failed is not kept as the file.
    made.catch(() => kept.delete(key))
    return made
  }

  const find = (pathname: string): string | undefined => {
    try {
      return files.get(pathname) ?? files.get(decodeURIComponent(pathname))
    } catch {
      return undefined // A broken escape names nothing.
    }
  }

  return async (req: IncomingMessage, res: ServerResponse, pathname: string): Promise<boolean> => {
    const path = find(pathname)
    if (!path || (req.method !== 'GET' && req.method !== 'HEAD')) return false
    const extension = extname(path)
    const encoding = packed.has(extension) ? null : acceptedEncoding(req.headers['accept-encoding'])
    const body = await bytes(path, encoding)
    res.setHeader('Content-Type', types[extension] ?? 'application/octet-stream')
    // Their names hold a hash of what is in them.
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
    res.setHeader('Vary', 'Accept-Encoding')
    if (encoding) res.setHeader('Content-Encoding', encoding)
    res.setHeader('Content-Length', body.length)
    res.end(req.method === 'HEAD' ? undefined : body)
    return true
  }
}
