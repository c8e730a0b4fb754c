import { describe, expect, test } from 'vitest'
import { GiB, MiB } from '@/server/model/size'
import type { VmSpec } from '@/server/model/spec'
import { cloneXml, unescapeXml } from './clone-xml'
import { domainXml } from './domain-xml'
import { create, type Domain, guestsDir, host, odd, running } from './fixture-planner'
import { transcript } from './fixture-transcript'
import { parseDomain } from './parse-domain'
import { snapshotObstacle } from './plan-snapshot'
import { document, el, escapeXml } from './xml'

describe('create', () => {
  test('Tiny Linux without a disk has none', async () => {
    const plan = await create({ diskBytes: null })
    expect(JSON.stringify(plan.steps)).not.toMatch(/qemu-img|disk\.qcow2|device='disk'/)
  })

  test('Tiny Linux: a folder, a disk, a definition, a start, each with its undo', async () => {
    const plan = await create({ diskBytes: 64 * MiB })
    const lines = plan.steps.map((step) => ('argv' in step ? step.argv.join(' ') : `write ${step.write.path}`))
    expect(lines).toEqual([
      `mkdir -p -- ${guestsDir}`,
      `mkdir -m 0711 -- ${guestsDir}/web`,
      `qemu-img create -q -f qcow2 ${guestsDir}/web/disk.qcow2 67108864`,
      `write ${guestsDir}/web/defined.xml`,
      `virsh -q -c qemu:///system define --file ${guestsDir}/web/defined.xml`,
      'virsh -q -c qemu:///system start --domain web',
    ])
    expect(plan.steps.flatMap((step) => (step.undo ? [step.undo.join(' ')] : []))).toEqual([
      `rm -rf -- ${guestsDir}/web`,
      'virsh -q -c qemu:///system undefine --domain web --keep-nvram',
      'virsh -q -c qemu:///system destroy --domain web',
    ])
    expect(plan.expect).toMatchObject({ kind: 'guest', name: 'web', states: ['running'], fields: { cpus: 1, memoryBytes: 192 * MiB } })
    expect(plan.warnings).toEqual(['Emulated: KVM has not been tested'])
    expect(plan.locks).toEqual(['guest:web'])
    const xml = plan.steps.map((step) => ('write' in step ? step.write.content : '')).join('')
    expect(xml).toContain('<cmdline>no_timer_check console=tty0 console=ttyS0,115200 bailiwick.name=web</cmdline>')
    const names = { name: 'twin', uuid: 'u', folder: '/f', paths: new Map<string, string>(), newMac: () => '52:54:00:99:99:99' }
    expect(cloneXml(xml, names)).toContain('console=ttyS0,115200 bailiwick.name=twin</cmdline>')
  })

  test('Debian: an overlay of the size asked for and a seed that never holds the password', async () => {
    const plan = await create({
      image: 'debian',
      diskBytes: 8 * GiB,
      memoryBytes: GiB,
      access: { user: 'me', password: 'correct horse', sshKeys: ['ssh-ed25519 AAAA me'] },
    })
    expect(plan.steps.flatMap((s) => ('argv' in s ? [s.argv] : []))).toContainEqual([
      ...['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b'],
      ...['/var/lib/bailiwick/images/debian-12-x86_64/disk.qcow2', `${guestsDir}/web/disk.qcow2`, String(8 * GiB)],
    ])
    const xml = plan.steps.map((s) => ('write' in s && s.write.path.endsWith('.xml') ? s.write.content : '')).join('')
    expect(parseDomain(xml).own?.user).toBe('me')
    const data = plan.steps.find((s) => 'write' in s && s.write.path.endsWith('user-data'))
    if (!data || !('write' in data)) throw new Error('no user-data')
    const config = JSON.parse(data.write.content.replace('#cloud-config\n', ''))
    expect(config.users).toEqual([
      expect.objectContaining({ name: 'me', passwd: expect.stringMatching(/^\$6\$/), ssh_authorized_keys: ['ssh-ed25519 AAAA me'] }),
    ])
    expect(data.secrets).toEqual([config.users[0].passwd])
    expect(data.write.mode).toBe(0o600)
    expect(JSON.stringify(plan)).not.toContain('correct horse')
  })

  test('a seed CD is on virtio, which cloud kernels know; a CD that firmware boots is on SATA', async () => {
    const buses = async (change: Partial<VmSpec>) => {
      const plan = await create(change)
      const xml = plan.steps.map((s) => ('write' in s && s.write.path.endsWith('.xml') ? s.write.content : '')).join('')
      return parseDomain(xml).disks.flatMap((d) => (d.device === 'cdrom' ? [d.bus] : []))
    }
    expect(await buses({ image: 'debian', diskBytes: 8 * GiB, memoryBytes: GiB })).toEqual(['scsi'])
    expect(await buses({ image: 'debian', iso: 'cd', diskBytes: 8 * GiB, memoryBytes: GiB })).toEqual(['sata', 'scsi'])
    expect(await buses({ iso: 'cd' })).toEqual(['scsi'])
  })

  test.each<[string, Partial<VmSpec>, RegExp]>([
    ['an unknown image', { image: 'none' }, /no image none/],
    ['an image for containers', { image: 'box' }, /for containers/],
    ['another arch', { arch: 'aarch64' }, /No QEMU for aarch64/],
    ['too little memory', { memoryBytes: 64 * MiB }, /at least 128 MiB/],
    ['too small a disk', { image: 'debian', diskBytes: GiB }, /at least 4 GiB/],
    ['nothing to boot from', { image: null }, /nothing to boot from/],
    ['an unknown network', { network: 'nowhere' }, /no network nowhere/],
  ])('refuses %s', async (_, change, words) => {
    await expect(create(change)).rejects.toThrow(words)
  })

  test('refuses a name in use, and a folder that is there already', async () => {
    await expect(create({ name: 'lv-deb' }, host([{ xml: running }]))).rejects.toThrow(/already a VM lv-deb/)
    await expect(create({}, host([], [`${guestsDir}/web`]))).rejects.toThrow(/Choose another name: the folder .*\/web is in use/)
  })

  test('its definition says what was asked, whatever the words hold', () => {
    const hostile = `</name>'"&<x a="1">\u0007\n`
    const xml = domainXml({
      name: 'web',
      uuid: '00000000-0000-4000-8000-000000000001',
      arch: 'x86_64',
      accel: 'tcg',
      accelWhy: hostile,
      cpus: 2,
      memoryBytes: 192 * MiB,
      folder: '/g/we b',
      os: hostile,
      disk: { path: `/g/"'&<>.qcow2`, format: 'qcow2' },
      cds: [],
      network: null,
    })
    const domain = parseDomain(xml)
    expect(domain).toMatchObject({ name: 'web', cpus: 2, memoryBytes: 192 * MiB, type: 'qemu', nics: [] })
    expect(domain.disks.map((d) => d.path)).toEqual([`/g/"'&<>.qcow2`])
    expect(domain.own?.folder).toBe('/g/we b')
    expect(xml.match(/<name>/g)).toHaveLength(1)
    expect(xml).not.toContain('\u0007')
  })
})

describe('on a guest', () => {
  const plain = host([{ xml: running, state: 1 }])

  test('its power', async () => {
    expect((await plain.plan({ kind: 'stop', name: 'lv-deb' })).steps[0]).toMatchObject({
      argv: ['virsh', '-q', '-c', 'qemu:///system', 'shutdown', '--domain', 'lv-deb'],
    })
    expect((await plain.plan({ kind: 'kill', name: 'lv-deb' })).expect).toEqual({ kind: 'guest', name: 'lv-deb', states: ['stopped'] })
    const transient = host([{ xml: running, state: 1, info: 'Persistent:     no\n' }])
    expect((await transient.plan({ kind: 'kill', name: 'lv-deb' })).expect).toEqual({ kind: 'absent', name: 'lv-deb' })
  })

  test('an awkward name goes by its UUID', async () => {
    const plan = await host([{ xml: odd }]).plan({ kind: 'start', name: `lv-it's "odd" <&> $(id); --all` })
    expect(plan.steps[0]).toMatchObject({ argv: expect.arrayContaining(['0dd00000-0000-4000-8000-000000000001']) })
    const numeric = await host([{ xml: odd.replace(/<name>.*<\/name>/, '<name>5</name>') }]).plan({ kind: 'start', name: '5' })
    expect(numeric.steps[0]).toMatchObject({ argv: expect.arrayContaining(['0dd00000-0000-4000-8000-000000000001']) })
  })

  test('a new name reaches the inside too: by the seed, by the kernel, or it is said that it does not', async () => {
    const seeded = await host([{ xml: transcript('dumpxml-debian-inactive.xml') }]).plan({
      kind: 'rename',
      name: 'lv-deb',
      newName: 'moved',
    })
    const meta = seeded.steps.find((s) => 'write' in s && s.write.path === `${guestsDir}/lv-deb/seed/meta-data`)
    expect(meta && 'write' in meta && JSON.parse(meta.write.content)).toEqual({
      'instance-id': parseDomain(transcript('dumpxml-debian-inactive.xml')).uuid,
      'local-hostname': 'moved',
    })
    expect(seeded.steps.some((s) => 'argv' in s && s.argv[0] === 'genisoimage')).toBe(true)
    const made = (await create({ start: false })).steps.map((s) => ('write' in s ? s.write.content : '')).join('')
    const plan = await host([{ xml: made }]).plan({ kind: 'rename', name: 'web', newName: 'moved' })
    const xml = plan.steps.map((s) => ('write' in s ? s.write.content : '')).join('')
    expect(xml).toContain('<name>moved</name>')
    expect(xml).toContain(' bailiwick.name=moved</cmdline>')
    expect(plan.steps.map((s) => s.undo?.at(4))).toEqual(['domrename', undefined, undefined])
    expect(plan.warnings).toEqual([`Its files stay in ${guestsDir}/web`])
    const foreign = await host([{ xml: odd.replace(/<name>.*<\/name>/, '<name>other</name>') }]).plan({
      kind: 'rename',
      name: 'other',
      newName: 'moved',
    })
    expect(foreign.steps).toHaveLength(1)
    expect(foreign.warnings).toEqual([expect.stringMatching(/keeps its host name/)])
  })

  test('remove deletes its own folder, and never what others use', async () => {
    const stopped = { xml: transcript('dumpxml-debian-inactive.xml') }
    const lines = async (domains: Domain[], name: string) =>
      (await host(domains).plan({ kind: 'remove', name, disks: true })).steps.map((s) => ('argv' in s ? s.argv.join(' ') : ''))
    expect((await lines([stopped], 'lv-deb')).at(-1)).toBe(`rm -rf -- ${guestsDir}/lv-deb`)
    const other = {
      xml: odd
        .replace('/srv/a &apos;b&apos; &amp; c.img', `${guestsDir}/lv-deb/disk.qcow2`)
        .replace(/<name>.*<\/name>/, '<name>other</name>'),
    }
    await expect(lines([stopped, other], 'lv-deb')).rejects.toThrow(/other uses/)
    const outside = { xml: stopped.xml.replaceAll(`>${guestsDir}/lv-deb<`, '>/etc<') }
    expect((await lines([outside], 'lv-deb')).filter((l) => l.startsWith('rm'))).toEqual([`rm -f -- ${guestsDir}/lv-deb/disk.qcow2`])
    await expect(host([{ xml: running, state: 1 }]).plan({ kind: 'remove', name: 'lv-deb', disks: true })).rejects.toThrow(/Stop it first/)
  })

  test('what runs keeps its memory until its next start, and says so', async () => {
    const plan = await plain.plan({ kind: 'set', name: 'lv-deb', cpus: 4, memoryBytes: 2 * GiB, autostart: true })
    expect(plan.warnings).toHaveLength(2)
    expect(plan.expect).toMatchObject({ fields: { autostart: true } })
    expect(plan.expect).not.toHaveProperty('fields.cpus')
    const grown = plan.steps.flatMap((s) => ('argv' in s ? [s.argv[4]] : []))
    expect(grown).toEqual(['setvcpus', 'setvcpus', 'setmaxmem', 'setmem', 'autostart'])
    const less = await plain.plan({ kind: 'set', name: 'lv-deb', memoryBytes: 512 * MiB })
    expect(less.steps.flatMap((s) => ('argv' in s ? [s.argv[4]] : []))).toEqual(['setmem', 'setmaxmem'])
  })

  test('memory is given and taken while it runs, where its balloon driver answers and it does not use it', async () => {
    const stats = '  balloon.available=1000000\n  balloon.unused=500000\n  balloon.usable=700000\n'
    const set = async (memoryBytes: number, change: Partial<Domain> = {}) => {
      const plan = await host([{ xml: running, state: 1, stats, ...change }]).plan({ kind: 'set', name: 'lv-deb', memoryBytes })
      const live = plan.steps.filter((s) => 'argv' in s && s.argv.includes('--live'))
      return { live: live.length, said: plan.warnings.join(), expected: plan.expect }
    }
    expect(await set(512 * MiB)).toMatchObject({ live: 1, said: '', expected: { fields: { memoryBytes: 512 * MiB } } })
    expect(await set(320 * MiB)).toMatchObject({ live: 0, said: expect.stringContaining('it uses 293 MiB') })
    expect(await set(2 * GiB)).toMatchObject({ live: 0, said: expect.stringContaining('at most 1 GiB') })
    expect(await set(512 * MiB, { stats: '' })).toMatchObject({ live: 0, said: expect.stringContaining('no balloon driver') })
    expect(await set(512 * MiB, { state: 3 })).toMatchObject({ live: 0, said: expect.stringContaining('does not run') })
  })

  test('a limit that was lowered for the next start rises before the memory below it', async () => {
    const stored = running.replace(/(<(?:memory|currentMemory) unit='KiB'>)\d+/g, '$1262144')
    const plan = await host([{ xml: running, state: 1, stored }]).plan({ kind: 'set', name: 'lv-deb', memoryBytes: 512 * MiB })
    expect(plan.steps.flatMap((s) => ('argv' in s ? [s.argv[4]] : []))).toEqual(['setmaxmem', 'setmem'])
  })

  test('snapshots: what cannot have one says why', () => {
    expect(snapshotObstacle(parseDomain(running))).toBeNull()
    expect(snapshotObstacle(parseDomain(odd))).toMatch(/vda is raw/)
    expect(snapshotObstacle({ ...parseDomain(running), disks: [] })).toMatch(/no disk/)
    expect(snapshotObstacle({ ...parseDomain(running), nvram: '/x' })).toMatch(/UEFI/)
  })

  test('restoring ends in the state that the snapshot was taken in', async () => {
    const on = host([{ xml: running, state: 5, snapshots: 'lv-snap\n' }])
    expect((await on.plan({ kind: 'snapshot.restore', name: 'lv-deb', snapshot: 'lv-snap' })).expect).toMatchObject({ states: ['running'] })
    await expect(on.plan({ kind: 'snapshot.restore', name: 'lv-deb', snapshot: 'gone' })).rejects.toThrow(/no snapshot gone/)
    await expect(on.plan({ kind: 'snapshot.create', name: 'lv-deb', snapshot: 'lv-snap' })).rejects.toThrow(/already/)
  })
})

describe('clone', () => {
  const xml = transcript('dumpxml-debian-inactive.xml')
  const folder = `${guestsDir}/twin`

  test('shares nothing with the original', () => {
    const before = parseDomain(xml)
    const paths = new Map(before.disks.map((d) => [d.path, `${folder}/${d.target}`]))
    const after = parseDomain(
      cloneXml(xml, { name: 'twin', uuid: '11111111-1111-4111-8111-111111111111', folder, paths, newMac: () => '52:54:00:99:99:99' }),
    )
    expect(after).toEqual({
      ...before,
      name: 'twin',
      uuid: '11111111-1111-4111-8111-111111111111',
      disks: before.disks.map((d) => ({ ...d, path: `${folder}/${d.target}` })),
      nics: before.nics.map((n) => ({ ...n, mac: '52:54:00:99:99:99' })),
      serial: { pty: true, log: `${folder}/serial.log` },
      own: { ...before.own, folder },
    })
  })

  test('copies each disk and gives it a seed of its own', async () => {
    const plan = await host([{ xml }]).plan({ kind: 'clone', name: 'lv-deb', newName: 'twin' })
    const lines = plan.steps.map((s) => ('argv' in s ? s.argv.join(' ') : s.write.path))
    expect(lines).toContain(`qemu-img convert -p -f qcow2 -O qcow2 ${guestsDir}/lv-deb/disk.qcow2 ${folder}/disk.qcow2`)
    expect(lines).toContain(`cp --preserve=mode -- ${guestsDir}/lv-deb/seed/user-data ${folder}/seed/user-data`)
    const meta = plan.steps.find((s) => 'write' in s && s.write.path.endsWith('meta-data'))
    expect(meta && 'write' in meta && JSON.parse(meta.write.content)).toMatchObject({ 'local-hostname': 'twin' })
    expect(plan.locks).toEqual(['guest:lv-deb', 'guest:twin'])
    await expect(host([{ xml, info: 'Managed save:   yes\n' }]).plan({ kind: 'clone', name: 'lv-deb', newName: 'twin' })).rejects.toThrow(
      /saved/,
    )
  })
})

test('XML: what goes in comes out', () => {
  const text = `a&b<c>"d"'e'\n\t;`
  expect(unescapeXml(escapeXml(text))).toBe(text)
  expect(document(el('a', { x: '"' }, el('b', {}, '<'), el('c')))).toBe('<a x="&quot;">\n  <b>&lt;</b>\n  <c/>\n</a>\n')
})
