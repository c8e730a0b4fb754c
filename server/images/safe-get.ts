import { lookup as dnsLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { AppError } from '@/server/errors'
import { isPublic } from './address'

export type Peer = { hostname: string; port: number; addresses: string[] }
export type Got = {
  /** Where the redirects led. */
  url: string
  /** The checked addresses of that host: connect to these and nothing else. */
  peer: Peer
  /** At most `maxBytes` of the body. */
  body: Uint8Array
  /** True when there was more. */
  cut: boolean
  sizeBytes?: number
}

const maxRedirects = 5
const timeoutMs = 20_000
const redirects = new Set([301, 302, 303, 307, 308])

/**
 * The addresses of an address's host, every one of them checked. Rejects with `refused` when one is not on the public internet, unless
 * `allowedHost` is that very host name: a name that resolves to both kinds is how rebinding begins.
 */
export async function checkedPeer(url: URL, allowedHost: string | null): Promise<Peer> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new AppError('refused', `${url.protocol}// is not fetched`, 'url')
  if (url.username || url.password) throw new AppError('refused', 'Addresses with a user name or password are not fetched', 'url')
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const found = isIP(hostname)
    ? [hostname]
    : (
        await dnsLookup(hostname, { all: true }).catch(() => {
          throw new AppError('unavailable', `${hostname} has no address that this machine can find`, 'url')
        })
      ).map(({ address }) => address)
  const hidden = found.find((address) => !isPublic(address))
  if (hidden !== undefined && url.hostname !== allowedHost)
    throw new AppError(
      'refused',
      `${hidden === hostname ? hostname : `${hostname} is ${hidden}, which`} is not on the public internet. Allow private addresses for it if you mean it`,
      'url',
    )
  return { hostname, port, addresses: found }
}

function open(url: URL, peer: Peer): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const all = peer.addresses.map((address) => ({ address, family: isIP(address) }))
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      {
        agent: false,
        headers: { 'user-agent': 'Bailiwick', accept: '*/*', 'accept-encoding': 'identity' },
        timeout: timeoutMs,
        // The name is not looked up again: its answer may have changed since it was checked.
        lookup: (_name, options, done) => {
          const first = all[0]
          if (options.all) done(null, all)
          else if (first) done(null, first.address, first.family)
        },
      },
      resolve,
    )
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)))
    request.on('error', reject)
    request.end()
  })
}

async function readSome(response: IncomingMessage, maxBytes: number): Promise<{ body: Uint8Array; cut: boolean }> {
  const pieces: Buffer[] = []
  let length = 0
  const timer = setTimeout(() => response.destroy(new Error(`it did not finish within ${timeoutMs / 1000} s`)), timeoutMs)
  try {
    for await (const piece of response) {
      pieces.push(piece)
      length += piece.length
      if (length > maxBytes) break
    }
  } finally {
    clearTimeout(timer)
    response.destroy()
  }
  return { body: Buffer.concat(pieces).subarray(0, maxBytes), cut: length > maxBytes }
}

/**
 * The beginning of what an address holds, after at most five redirects; each one's host is resolved, checked and then connected to at
 * the checked address. Rejects with `refused` for addresses outside the public internet and `unavailable` for servers that do not answer.
 */
export async function safeGet(address: string, options: { allowedHost: string | null; maxBytes: number }): Promise<Got> {
  let url = new URL(address)
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const peer = await checkedPeer(url, options.allowedHost)
    const failed = (error: unknown): never => {
      throw new AppError('unavailable', `${url.host} cannot be read: ${error instanceof Error ? error.message : String(error)}`, 'url')
    }
    const response = await open(url, peer).catch(failed)
    const status = response.statusCode ?? 0
    const location = response.headers.location
    if (redirects.has(status) && location) {
      response.destroy()
      const next = URL.canParse(location, url) ? new URL(location, url) : null
      if (!next) throw new AppError('refused', `${url.host} leads to an address that is none`, 'url')
      if (url.protocol === 'https:' && next.protocol === 'http:')
        throw new AppError('refused', `${url.host} leads from https to http`, 'url')
      url = next
      continue
    }
    if (status !== 200) {
      response.destroy()
      throw new AppError('unavailable', `${url.host} answered ${status} for ${url.pathname}`, 'url')
    }
    const length = Number(response.headers['content-length'])
    const read = await readSome(response, options.maxBytes).catch(failed)
    return { url: url.href, peer, ...read, sizeBytes: Number.isSafeInteger(length) && length > 0 ? length : undefined }
  }
  throw new AppError('refused', `More than ${maxRedirects} redirects`, 'url')
}
