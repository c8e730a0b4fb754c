import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from './db/client'
import { createHosts } from './hosts'
import type { HostSettings } from './model/host'

const folder = mkdtempSync(join(tmpdir(), 'bailiwick-hosts-'))
let db: Database
beforeAll(async () => {
  db = await openDatabase(join(folder, 'hosts.db'), fileURLToPath(new URL('../prisma/migrations', import.meta.url)))
})
afterAll(async () => {
  await db.$disconnect()
  rmSync(folder, { recursive: true })
})

const mars: HostSettings = {
  name: 'mars',
  transport: 'ssh',
  ssh: {
    address: 'mars.example.org',
    port: 2222,
    user: 'ada',
    key: { kind: 'file', path: '/root/.ssh/mars' },
    hostKey: `ssh-ed25519 ${'A'.repeat(68)}`,
  },
  become: 'doas',
  libvirtUri: '',
  incusDir: '',
  cbsdWorkdir: '/usr/jails',
}

it('keeps everything that was decided about a host, and what is absent stays absent', async () => {
  const hosts = createHosts({ db })
  await hosts.ensureLocal({ libvirtUri: 'qemu:///system' })
  const { id } = await hosts.add(mars)
  const [local, stored] = await createHosts({ db }).list()
  expect(local).toEqual({ id: 'local', name: hostname(), transport: 'local', libvirtUri: 'qemu:///system' })
  expect(stored).toEqual({ id, ...mars, accelerator: undefined })
  expect(await hosts.get(id)).toEqual(stored)
  await hosts.save({ ...mars, id, become: 'sudo', cbsdWorkdir: undefined })
  expect(await hosts.get(id)).toMatchObject({ become: 'sudo', cbsdWorkdir: undefined })
})

it('takes the folder of CBSD from the environment for one run, and keeps what was stored', async () => {
  const plain = createHosts({ db })
  await plain.save({ ...(await plain.get('local')), cbsdWorkdir: '/zroot/jails' })
  const standIn = createHosts({ db, cbsdWorkdir: '/data/cbsd' })
  await standIn.ensureLocal({ libvirtUri: 'qemu:///system' })
  const local = await standIn.get('local')
  expect(local.cbsdWorkdir).toBe('/data/cbsd')
  const others = (await standIn.list()).filter(({ id }) => id !== 'local')
  expect(others.map((host) => host.cbsdWorkdir)).not.toContain('/data/cbsd')
  await standIn.save({ ...local, libvirtUri: '' })
  expect(await standIn.get('local')).toMatchObject({ cbsdWorkdir: '/data/cbsd', libvirtUri: '' })
  expect(await createHosts({ db }).get('local')).toMatchObject({ cbsdWorkdir: '/zroot/jails', libvirtUri: '' })
  await standIn.save({ ...local, cbsdWorkdir: '/usr/jails' })
  expect(await standIn.get('local')).toMatchObject({ cbsdWorkdir: '/usr/jails' })
})

it('refuses a name that is taken, also when another host is renamed', async () => {
  const hosts = createHosts({ db })
  await expect(hosts.add(mars)).rejects.toMatchObject({ code: 'conflict', field: 'name' })
  const venus = await hosts.add({ ...mars, name: 'venus' })
  await expect(hosts.save({ ...venus, name: 'mars' })).rejects.toMatchObject({ code: 'conflict', field: 'name' })
  await hosts.save({ ...venus, libvirtUri: 'qemu:///system' })
  await hosts.remove(venus.id)
  await expect(hosts.get(venus.id)).rejects.toMatchObject({ code: 'not-found' })
})

it('never takes a host whose stored way cannot be read for this machine', async () => {
  for (const ssh of [null, '{', '{"address":"-oProxyCommand=x"}'])
    await db.host.updateMany({ where: { name: 'mars' }, data: { ssh } }).then(async () => {
      const found = (await createHosts({ db }).list()).find(({ name }) => name === 'mars')
      expect(found).toMatchObject({ transport: 'ssh', ssh: undefined })
    })
})
