import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFixtureServer } from './fixture-server'

let server: Awaited<ReturnType<typeof createFixtureServer>>
beforeAll(async () => {
  server = await createFixtureServer()
})
afterAll(() => server.close())

const id = '0123456789abcdef'

describe('the address of a recording', () => {
  it('is closed without a session', async () => {
    const reply = await fetch(`${server.base}/recording/${id}.cast`)
    expect(reply.status).toBe(401)
    expect(server.called).toEqual([])
  })
  it('is read only', async () => {
    const cookie = await server.signIn()
    const reply = await fetch(`${server.base}/recording/${id}.cast`, { method: 'POST', headers: { cookie, origin: server.base } })
    expect(reply.status).toBe(405)
    expect(server.called).toEqual([])
  })
  it.each(['x.cast', `${id}.lines`, `${id}`, `${id}.cast/more`, `..%2f${id}.cast`, `${id}0.cast`])('%s is none', async (path) => {
    const cookie = await server.signIn()
    const reply = await fetch(`${server.base}/recording/${path}`, { headers: { cookie } })
    expect([400, 404]).toContain(reply.status)
    expect(server.called).toEqual([])
  })
  it('asks for the recording it names', async () => {
    const cookie = await server.signIn()
    await fetch(`${server.base}/recording/${id}.txt`, { headers: { cookie } })
    expect(server.called).toEqual(['recordings.get'])
  })
})
