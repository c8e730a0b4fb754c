import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { instance } from './api'
import { readBlkio, readCache, readIoStat } from './cgroup'
import { detail, hideUserData } from './inspect'
import { limitBytes, limitCpus, writeBytes } from './limits'
import { disksOf, instant, needsTotals, nicsOf, toGuest } from './parse'
import { toSample } from './sample'
import { userData } from './user-data'
import { readEvent } from './watch'

const transcript = (name: string) => readFileSync(new URL(`transcripts/${name}`, import.meta.url), 'utf8')
const listed = z.array(instance).parse(JSON.parse(transcript('instances.json')))
const named = (name: string) => {
  const found = listed.find((each) => each.name === name)
  if (!found) throw new Error(`${name} is not in the transcript`)
  return found
}
const totals = { cpus: 2, memoryBytes: 24 * 2 ** 30 }

describe('toGuest', () => {
  test('knows the account that its user data makes, and nothing else of that text', () => {
    const { text } = userData({ user: 'me', password: 'correct horse', sshKeys: [] })
    const found = named('ic-run')
    const guest = toGuest({ ...found, expanded_config: { ...found.expanded_config, 'cloud-init.user-data': text } }, 'local', undefined)
    expect(guest.user).toBe('me')
    expect(JSON.stringify(guest)).not.toContain('passwd')
  })

  test('a running container with limits', () => {
    expect(toGuest(named('ic-run'), 'local', undefined)).toEqual({
      id: 'local~incus~ic-run',
      identity: '5bfab55c-9f28-4a46-a857-636cb78811ee',
      host: 'local',
      engine: 'incus',
      name: 'ic-run',
      type: 'container',
      state: 'running',
      os: 'Debian bookworm',
      arch: 'x86_64',
      accel: 'native',
      cpus: 1,
      memoryBytes: 256 * 2 ** 20,
      diskBytes: 2 * 2 ** 30,
      addresses: ['10.92.0.77'],
      autostart: false,
      persistent: true,
      startedAt: expect.any(Number),
      tags: [],
      consoles: ['shell', 'serial'],
      snapshotCount: 0,
      warning: undefined,
    })
  })
  test('a stopped one pinned to processors, without memory limit, with a snapshot', () => {
    const guest = toGuest(named('ic-web'), 'local', totals)
    expect(guest).toMatchObject({ state: 'stopped', cpus: 2, memoryBytes: 24 * 2 ** 30, autostart: true, snapshotCount: 1, addresses: [] })
    expect(guest.startedAt).toBeUndefined()
    expect(needsTotals(named('ic-web'))).toBe(true)
    expect(needsTotals(named('ic-run'))).toBe(false)
  })
  test('a frozen one is paused', () => {
    expect(toGuest(instance.parse(JSON.parse(transcript('instance-frozen.json'))), 'local', totals).state).toBe('paused')
  })
  test('what is privileged says so; a state that is not known is unknown', () => {
    const found = structuredClone(named('ic-run'))
    found.expanded_config['security.privileged'] = 'true'
    found.status = 'Something new'
    expect(toGuest(found, 'local', totals)).toMatchObject({ state: 'unknown', warning: expect.stringContaining('root on the host') })
  })
})

test('a guest that is just being removed has no maps, and still is in the list', () => {
  const bare = {
    ...named('ic-run'),
    config: null,
    expanded_config: null,
    expanded_devices: null,
    profiles: null,
    state: null,
    status: 'Error',
  }
  expect(toGuest(instance.parse(bare), 'local', totals)).toMatchObject({ name: 'ic-run', state: 'unknown', cpus: 2, addresses: [] })
})

test('cards and disks', () => {
  expect(nicsOf(named('ic-run'))).toEqual([
    {
      target: expect.stringMatching(/^veth/),
      mac: expect.stringMatching(/^10:66:6a:/),
      network: 'incusbr0',
      model: undefined,
      addresses: ['10.92.0.77'],
    },
  ])
  expect(nicsOf(named('ic-web'))[0]).toMatchObject({ target: 'eth0', addresses: [] })
  expect(disksOf(named('ic-run'))).toEqual([
    { target: '/', path: 'pool default', sizeBytes: 2 ** 31, usedBytes: undefined, readOnly: false },
  ])
})

test('counters of what runs, none of what does not', () => {
  expect(toSample(named('ic-web'), 5)).toBeNull()
  const sample = toSample(named('ic-run'), 5)
  expect(sample).toMatchObject({ name: 'ic-run', at: 5 })
  expect(sample?.cpuNs).toBeGreaterThan(0)
  expect(sample?.memoryUsedBytes).toBeGreaterThan(0)
  expect(sample?.netTxBytes).toBeGreaterThan(0)
})

test('every recorded event names its guest, and a rename both', () => {
  const events = transcript('lifecycle.jsonl').split('\n').flatMap(readEvent)
  expect(events).toContainEqual({ name: 'ic-web', what: 'paused', state: 'paused' })
  expect(events).toContainEqual({ name: 'ic-web', what: 'snapshot-created' })
  expect(events.filter((event) => event.what === 'renamed').map((event) => event.name)).toEqual(['ic-web', 'ic-web2', 'ic-web2', 'ic-web'])
  // As 6.0.4 tells of `reboot` in a container.
  const rebooted = { type: 'lifecycle', project: 'default', metadata: { action: 'instance-restarted', source: '/1.0/instances/a' } }
  expect(readEvent(JSON.stringify(rebooted))).toEqual([{ name: 'a', what: 'restarted', state: 'running', rebooted: true }])
  expect(readEvent('')).toEqual([])
  expect(
    readEvent(
      JSON.stringify({ type: 'lifecycle', project: 'other', metadata: { action: 'instance-started', source: '/1.0/instances/a' } }),
    ),
  ).toEqual([])
  expect(readEvent(JSON.stringify({ type: 'lifecycle', metadata: { action: 'network-updated', source: '/1.0/networks/a' } }))).toEqual([])
})

test.each([
  ['512MiB', 512 * 2 ** 20],
  ['2GB', 2e9],
  ['1024', 1024],
  ['50%', 500],
  ['', undefined],
  ['lots', undefined],
  [undefined, undefined],
])('limitBytes(%j)', (text, bytes) => expect(limitBytes(text, 1000)).toBe(bytes))

test.each([
  ['2', 2],
  ['0-3', 4],
  ['0-1,6', 3],
  ['1-1', 1],
  ['', undefined],
  ['all', undefined],
])('limitCpus(%j)', (text, cpus) => expect(limitCpus(text)).toBe(cpus))

test('sizes are written exactly and read back', () => {
  for (const bytes of [1, 1000, 2 ** 20, 1.5 * 2 ** 30, 2 ** 40]) expect(limitBytes(writeBytes(bytes))).toBe(bytes)
  expect(writeBytes(1.5 * 2 ** 30)).toBe('1536MiB')
})

test('the year 1 is never', () => {
  expect(instant('0001-01-01T00:00:00Z')).toBeUndefined()
  expect(instant('2026-11-22T15:04:23.658967385Z')).toBe(Date.UTC(2026, 10, 22, 15, 4, 23, 658))
})

test('accounts and keys are not shown, what comes after them is', () => {
  const text = hideUserData(transcript('config-user-data.yaml'))
  expect(text).not.toContain('anna')
  expect(text).not.toContain('$6$')
  expect(text).not.toContain('one: line')
  expect(text).toContain('cloud-init.user-data: (hidden)')
  expect(text).toContain('user.after: kept')
  expect(text).toContain('ephemeral: false')
  expect(hideUserData('  user.user-data: "a|b\\n> c"\n  x: y')).toBe('  user.user-data: (hidden)\n  x: y')
  const found = named('ic-run')
  const shown = detail(found, toGuest(found, 'local', totals), transcript('config-user-data.yaml'))
  expect(shown.config.text).toBe(text)
  expect(shown.facts).toContainEqual(['Privileged', 'no'])
})

test('control groups of both generations', () => {
  expect(readIoStat('259:0 rbytes=4096 wbytes=100 rios=1 wios=1 dbytes=0 dios=0\n8:0 rbytes=1 wbytes=2 rios=1\n')).toEqual({
    diskReadBytes: 4097,
    diskWriteBytes: 102,
  })
  expect(readBlkio('259:0 Read 4096\n259:0 Write 10\n259:0 Sync 3\n8:0 Read 4\nTotal 4110\n')).toEqual({
    diskReadBytes: 4100,
    diskWriteBytes: 10,
  })
  expect(readCache('anon 5\nfile 4096\nkernel 2\n')).toBe(4096)
  expect(readCache('cache 1\nrss 2\ntotal_cache 8306688\n')).toBe(8306688)
  expect(readCache('')).toBeUndefined()
})
