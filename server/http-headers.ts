import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'

export const newNonce = (): string => randomBytes(16).toString('base64')

/**
 * The policy of one reply. Scripts run only with its nonce or when loaded by one that has it; `host` lets old
 * browsers, whose 'self' leaves WebSockets out, open ours. Styles may be inline: xterm and React write them.
 */
export function contentSecurityPolicy(nonce: string, host: string, dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ws://${host} wss://${host}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ')
}

const fixed = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Puts what every reply carries on it. */
export function setSecurityHeaders(res: ServerResponse, policy: string, secure: boolean): void {
  for (const [name, value] of Object.entries(fixed)) res.setHeader(name, value)
  res.setHeader('Content-Security-Policy', policy)
  if (secure) res.setHeader('Strict-Transport-Security', 'max-age=31536000')
}
