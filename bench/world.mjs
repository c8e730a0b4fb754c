import { join } from 'node:path'
import { capture } from '../scripts/lib/run.mjs'
import { say, step } from '../scripts/lib/say.mjs'
import { launch } from './browser.mjs'
import { writeDomains } from './domains.mjs'
import { ask, finished, query, settled, startServer, stopServer, until } from './server.mjs'

const MiB = 2 ** 20
export const names = { vm: 'be-vm', container: 'be-box' }

/**
 * What figures are taken on; each part is made when first asked for. Only one server runs at a time, so that none disturbs another.
 * `folder`: data and logs; `store`: images, where QEMU's user may read; `peers`: `{ reason? }`, whether Cockpit can be measured.
 */
export async function makeWorld({ folder, store, peers }) {
  const browser = await launch()
  let current = null
  const made = new Set()

  async function switchTo(key, make) {
    if (current?.key === key) return current.server
    if (current) await stopServer(current.server)
    current = null
    const server = await make()
    current = { key, server }
    return server
  }

  const uri = (count) => writeDomains(join(folder, `domains-${count}.xml`), count)

  async function setState(kind, name, running) {
    const id = `local~${kind}~${name}`
    const server = current.server
    const guest = (await query(server, 'events.picture')).guests.find((one) => one.id === id)
    if (!guest || (guest.state === 'running') === running) return
    const operation = { kind: running ? 'start' : 'kill', name }
    await finished(server, await ask(server, 'guest.operate', { host: 'local', engine: kind, operation }))
  }

  async function makeGuests(server) {
    const create = async (engine, spec) =>
      finished(server, await ask(server, 'guest.operate', { host: 'local', engine, operation: { kind: 'create', spec } }))
    const common = { cpus: 1, memoryBytes: 192 * MiB, network: null, diskBytes: null, start: false }
    await step('Building the container image', async () =>
      finished(server, await ask(server, 'image.request', { kind: 'build', host: 'local', recipe: 'debian-container', arch: 'x86_64' })),
    )
    await create('libvirt', { ...common, type: 'vm', name: names.vm, image: 'tiny-linux-x86_64', arch: 'x86_64' })
    await create('incus', { ...common, memoryBytes: 512 * MiB, type: 'container', name: names.container, image: 'debian-12-container' })
    made.add('guests')
  }

  const world = {
    browser,
    peers,
    folder,
    store,
    uri,
    /** A server that sees only so many domains of libvirt's test driver. */
    scale: (count) =>
      switchTo(`scale ${count}`, async () => {
        const env = { BAILIWICK_LIBVIRT_URI: uri(count), BAILIWICK_INCUS_DIR: '' }
        const server = await startServer({ folder: join(folder, `scale-${count}-${Date.now()}`), store, env })
        await step(`Waiting for a server with ${count} guests to be at rest`, () => settled(server, { kvm: false }))
        await until('all guests are known', async () => (await query(server, 'events.picture')).guests.length === count)
        return server
      }),
    /** A server on the real engines with one VM and one container. */
    async guests() {
      const server = await switchTo('real', async () => {
        const started = await startServer({ folder: join(folder, `real-${Date.now()}`), store })
        await step('Waiting for a server on real engines to be at rest', () => settled(started))
        return started
      })
      if (!made.has('guests')) await makeGuests(server)
      return { server, ...names }
    },
    /** Lets one guest run, or none. */
    async only(name) {
      await setState('libvirt', names.vm, name === names.vm)
      await setState('incus', names.container, name === names.container)
      // What starting or stopping costs is over; a VM has booted by then.
      await new Promise((done) => setTimeout(done, name === null ? 1000 : 8000))
    },
    /** Ends the server, so that a figure can start its own. */
    async alone() {
      if (current) await stopServer(current.server)
      current = null
    },
    async close() {
      await browser.close()
      if (made.has('guests') && current?.key !== 'real') say('Removing the guests')
      await world.alone()
      if (!made.has('guests')) return
      await capture(['virsh', '-c', 'qemu:///system', 'destroy', names.vm])
      await capture(['virsh', '-c', 'qemu:///system', 'undefine', names.vm])
      await capture(['incus', 'delete', '--force', names.container])
    },
  }
  return world
}
