import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFixtureServer } from '../fixture-server'

let server: Awaited<ReturnType<typeof createFixtureServer>>
let cookie = ''
beforeAll(async () => {
  server = await createFixtureServer()
  cookie = await server.signIn()
})
afterAll(() => server.close())

const ssh = { address: 'mars', port: 22, user: 'root', key: { kind: 'own' }, hostKey: `ssh-ed25519 ${'A'.repeat(68)}` }
const mars = { name: 'mars', transport: 'ssh', ssh, libvirtUri: 'qemu:///system', become: 'none' }

async function ask(path: string, input: unknown) {
  const reply = await fetch(`${server.base}/api/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.base, cookie },
    body: JSON.stringify(input),
  })
  return reply.json()
}

describe('hosts by the router', () => {
  it('are added, changed and removed, and each change is written down', async () => {
    const { result } = await ask('host.add', mars)
    const { id } = result.data
    expect(await server.services.hosts.get(id)).toMatchObject({ name: 'mars', ssh })
    await ask('host.update', { id, settings: { ...mars, ssh: { ...ssh, port: 2222 } } })
    expect((await server.services.hosts.get(id)).ssh?.port).toBe(2222)
    await ask('host.remove', { id })
    await expect(server.services.hosts.get(id)).rejects.toThrow('There is no such host')
    const audit = await server.db.audit.findMany({ where: { action: { startsWith: 'host.' } }, orderBy: { id: 'asc' } })
    expect(audit.map(({ action, target, ok }) => `${action} ${target} ${ok}`)).toEqual([
      'host.add mars true',
      `host.update ${id} mars true`,
      `host.remove ${id} true`,
    ])
  })

  it('keep the evidence of their accelerator unless the address changed', async () => {
    const { result } = await ask('host.add', { ...mars, name: 'venus' })
    const host = await server.services.hosts.get(result.data.id)
    const accelerator = { kvm: 'boots', why: 'seen', kernel: '6.1', qemu: '7.2', testedAt: 1 } as const
    await server.services.hosts.save({ ...host, accelerator })
    await ask('host.update', { id: host.id, settings: { ...mars, name: 'venus', become: 'sudo' } })
    expect((await server.services.hosts.get(host.id)).accelerator).toEqual(accelerator)
    await ask('host.update', { id: host.id, settings: { ...mars, name: 'venus', ssh: { ...ssh, address: 'elsewhere' } } })
    expect((await server.services.hosts.get(host.id)).accelerator).toBeUndefined()
  })

  it('do not turn into this machine', async () => {
    const { result } = await ask('host.add', { ...mars, name: 'pluto' })
    const { error } = await ask('host.update', {
      id: result.data.id,
      settings: { name: 'pluto', transport: 'local', libvirtUri: 'qemu:///system' },
    })
    expect(error.message).toContain('A host stays where it is')
  })

  it.each([
    ['host.scan', { address: '-oProxyCommand=touch /tmp/x', port: 22 }, 'address'],
    ['host.scan', { address: 'mars\nx', port: 22 }, 'address'],
    ['host.scan', { address: 'mars', port: 70_000 }, 'port'],
    ['host.test', { ...mars, ssh: { ...ssh, user: '-l' } }, 'ssh.user'],
    ['host.add', { ...mars, ssh: { ...ssh, key: { kind: 'file', path: '../id' } } }, 'ssh.key.path'],
    ['host.add', { ...mars, ssh: { ...ssh, hostKey: '' } }, 'ssh.hostKey'],
    ['host.add', { ...mars, ssh: undefined }, 'ssh'],
  ])('%s with %j reaches nothing and names its field', async (path, input, field) => {
    server.called.length = 0
    const { error } = await ask(path, input)
    expect(error.data).toMatchObject({ code: 'BAD_REQUEST', field })
    expect(server.called).toEqual([])
  })
})
