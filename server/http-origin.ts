import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'

export type OriginRules = {
  /** The address people use, when a proxy stands before this server: https://bailiwick.example.org */
  origin?: string
  /** Whether X-Forwarded-Proto and -For come from a proxy of ours. */
  trustProxy: boolean
  /** HOST as configured: a name given there is a name of ours. */
  host: string
}

/** A refusal to send: status and words. */
export type Refusal = { status: number; message: string }

const bare = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()

/**
 * Whether a Host header names this server. Against DNS rebinding: a name that an attacker's DNS points at this
 * machine is not among them. An address in digits always is: no DNS stands behind it.
 */
export function isOwnHost(header: string | undefined, rules: OriginRules): boolean {
  if (!header || !/^[A-Za-z0-9.:[\]_-]+$/.test(header)) return false
  if (rules.origin && header.toLowerCase() === new URL(rules.origin).host) return true
  const name = bare(header)
  if (isIP(name)) return true
  const own = hostname().toLowerCase()
  return [own, `${own.split('.')[0]}.local`, 'localhost', rules.host.toLowerCase()].includes(name) || name.endsWith('.localhost')
}

const forwarded = (req: IncomingMessage, name: string): string | undefined => {
  const value = req.headers[name]
  // The last entry is the one that our own proxy wrote; those before it came from outside.
  return (Array.isArray(value) ? value.join(',') : value)?.split(',').at(-1)?.trim()
}

/** Whether the person's browser speaks https, to this server or to a proxy before it. */
export function isSecure(req: IncomingMessage, rules: OriginRules): boolean {
  if (rules.trustProxy && forwarded(req, 'x-forwarded-proto') === 'https') return true
  return rules.origin !== undefined && rules.origin === `https://${req.headers.host?.toLowerCase()}`
}

/** The client's address, for throttling and audit. */
export function clientAddress(req: IncomingMessage, rules: OriginRules): string {
  const claimed = rules.trustProxy ? forwarded(req, 'x-forwarded-for') : undefined
  return claimed && isIP(claimed) ? claimed : (req.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
}

/**
 * Null when a request that changes something, or opens a socket, comes from our own pages; else the refusal.
 * Browsers always send Origin on these, and scripts cannot forge it.
 */
export function refuseForeign(req: IncomingMessage, rules: OriginRules): Refusal | null {
  const site = req.headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return { status: 403, message: 'The request comes from another site' }
  const origin = req.headers.origin
  if (!origin) return { status: 403, message: 'The request has no Origin header, which every browser sends' }
  const own = `${isSecure(req, rules) ? 'https' : 'http'}://${req.headers.host?.toLowerCase()}`
  if (origin === own || origin === rules.origin) return null
  return {
    status: 403,
    message: `The request comes from ${origin.slice(0, 200).replace(/[^\x21-\x7e]/g, '?')}, not from ${own}. Behind a proxy, set BAILIWICK_ORIGIN to the address people use.`,
  }
}
