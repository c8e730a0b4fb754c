import { describe, expect, it } from 'vitest'
import { parseDf } from '@/server/exec/df'
import { parseDisks, parseFound, parseMemory, parseNet, parseTicks } from './host-counters'

describe('host counters', () => {
  it('counts waiting for a disk as idle and guests only once', () => {
    expect(parseTicks('cpu  100 10 50 800 40 5 5 2 90 3\ncpu0 1 1 1 1 1 1 1 1 1 1\n')).toEqual({ busy: 172, total: 1012 })
    expect(parseTicks('intr 5\n')).toBeNull()
  })
  it('counts as used what is not available', () => {
    expect(parseMemory('MemTotal:   1000 kB\nMemFree: 100 kB\nMemAvailable:    400 kB\n')).toEqual({ total: 1_024_000, used: 614_400 })
    expect(parseMemory('')).toBeNull()
  })
  it('counts whole disks in sectors of 512 bytes', () => {
    const text =
      '   7       0 loop0 9 9 9 9 9 9 9 9 9 9 9\n 254       0 vda 10 0 8 5 20 0 16 7 0 3 4 0 0 0 0 0 0\n 254       1 vda1 10 0 8 5 20 0 16 7 0 3 4\n'
    expect(parseDisks(text, new Set(['vda']))).toEqual({ read: 4096, write: 8192 })
  })
  it('counts cards only, also where the number stands against the name', () => {
    const text =
      'Inter-|   Receive |  Transmit\n face |bytes    packets|bytes\n    lo: 500 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0\n  eth0:1000 2 0 0 0 0 0 0 300 4 0 0 0 0 0 0\nvirbr0: 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9\n'
    expect(parseNet(text, new Set(['eth0']))).toEqual({ rx: 1000, tx: 300 })
  })
  it('finds disks and cards of hardware; where none is, those that are not known to be virtual', () => {
    const disks = '/sys/block/vda\n/sys/block/vda/queue\n/sys/block/loop0\n/sys/block/dm-0\n'
    const cards = '/sys/class/net/lo\n/sys/class/net/eth0\n/sys/class/net/eth0/queues\n/sys/class/net/vnet3\n'
    expect(parseFound(`${disks}${cards}/sys/class/net/wan\n/sys/class/net/wan/device\n`)).toEqual({
      disks: new Set(['vda']),
      cards: new Set(['wan']),
    })
    expect(parseFound(disks + cards).cards).toEqual(new Set(['eth0']))
  })
  it('reads df, names with spaces included', () => {
    expect(parseDf('Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/my disk 1000 600 400 60% /mnt/a b\n')).toEqual({
      total: 1_024_000,
      free: 409_600,
    })
    expect(parseDf('nothing')).toBeNull()
  })
})
