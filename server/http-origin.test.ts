import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { clientAddress, isOwnHost, isSecure, type OriginRules, refuseForeign } from './http-origin'

const plain: OriginRules = { trustProxy: false, host: '127.0.0.1' }
const proxied: OriginRules = { trustProxy: true, host: '127.0.0.1', origin: 'https://vms.example.org' }

function requestWith(headers: Record<string, string>): IncomingMessage {
  const req = new IncomingMessage(new Socket())
  Object.assign(req.headers, headers)
  return req
}

describe('a Host header', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'app.localhost',
    '127.0.0.1:3000',
    '[::1]:3000',
    '192.168.1.20',
    hostname(),
    `${hostname()}:3000`,
  ])('%s is ours', (host) => {
    expect(isOwnHost(host, plain)).toBe(true)
  })

  it.each(['evil.example', 'localhost.evil.example', 'vms.example.org', 'a@localhost', 'localhost/x', '127.0.0.1.nip.io', ''])(
    '%j is not',
    (host) => {
      expect(isOwnHost(host, plain)).toBe(false)
    },
  )

  it('is ours when it is the configured name', () => {
    expect(isOwnHost('vms.example.org', proxied)).toBe(true)
    expect(isOwnHost('vms.example.org:8443', proxied)).toBe(false)
    expect(isOwnHost('vms.lan:3000', { ...plain, host: 'vms.lan' })).toBe(true)
  })
})

describe('an Origin', () => {
  const words = (headers: Record<string, string>, rules: OriginRules) => refuseForeign(requestWith(headers), rules)?.status ?? 'let in'
  it.each([
    [{ origin: 'http://localhost:3000', host: 'localhost:3000' }, plain, 'let in'],
    [{ origin: 'http://localhost:3001', host: 'localhost:3000' }, plain, 403],
    [{ origin: 'https://localhost:3000', host: 'localhost:3000' }, plain, 403],
    [{ origin: 'http://localhost:3000', host: 'localhost:3000', 'sec-fetch-site': 'same-origin' }, plain, 'let in'],
    [{ origin: 'http://localhost:3000', host: 'localhost:3000', 'sec-fetch-site': 'cross-site' }, plain, 403],
    [{ host: 'localhost:3000' }, plain, 403],
    [{ origin: 'https://vms.example.org', host: 'vms.example.org' }, proxied, 'let in'],
    [{ origin: 'https://vms.example.org', host: '10.0.0.1:3000' }, proxied, 'let in'],
    [{ origin: 'http://vms.example.org', host: 'vms.example.org' }, proxied, 403],
    [{ origin: 'https://10.0.0.1', host: '10.0.0.1', 'x-forwarded-proto': 'https' }, proxied, 'let in'],
    [{ origin: 'https://10.0.0.1', host: '10.0.0.1', 'x-forwarded-proto': 'https' }, plain, 403],
  ])('%j is judged by what people use', (headers, rules, expected) => {
    expect(words(headers, rules)).toBe(expected)
  })
})

describe('what a proxy says', () => {
  it('counts only when it is trusted, and only its own last word', () => {
    const req = requestWith({ host: 'x', 'x-forwarded-for': '203.0.113.1, 198.51.100.2', 'x-forwarded-proto': 'http, https' })
    expect(clientAddress(req, proxied)).toBe('198.51.100.2')
    expect(isSecure(req, proxied)).toBe(true)
    expect(clientAddress(req, plain)).toBe('unknown')
    expect(isSecure(req, plain)).toBe(false)
  })
})
