import { expect, it } from 'vitest'
import { memoryUsed, parseIostat, parseNetstat, parseSysctls, understandFreebsd } from './host-freebsd'

const sysctl = `kern.cp_time: 100 10 50 5 835
hw.physmem: 1000000
hw.pagesize: 4096
vm.loadavg: { 0.52 0.48 0.45 }
vm.stats.vm.v_free_count: 50
vm.stats.vm.v_inactive_count: 40
vm.stats.vm.v_laundry_count: 10
kstat.zfs.misc.arcstats.size: 300000
kstat.zfs.misc.arcstats.c_min: 100000
`
const netstat = `Name    Mtu Network       Address              Ipkts Ierrs Idrop     Ibytes    Opkts Oerrs     Obytes  Coll
vtnet0 1500 <Link#1>      58:9c:fc:00:11:22   123456     0     0       5000    65432     0       7000     0
vtnet0    - 10.0.0.0/24   10.0.0.5            120000     -     -       4000    60000     -       6000     -
lo0   16384 <Link#2>      lo0                     12     0     0        840       12     0        840     0
em1    1500 <Link#3>                               1     0     0          1        2     0          2     0
epair0a 1500 <Link#4>     02:00:00:00:00:0a      999     0     0     999999      999     0     999999     0
`
const iostat = `                        extended device statistics  
device           r/i         w/i         kr/i         kw/i qlen   tsvc_t/i      sb/i  
ada0         13450.0     98000.0         10.0         20.5    0      120.3      80.1 
pass0            0.0         0.0        999.0        999.0    0        0.0       0.0 
`

it('counts what is not available as used: caches give way', () => {
  expect(memoryUsed(parseSysctls(sysctl))).toBe(1_000_000 - 100 * 4096 - 200_000)
  expect(memoryUsed(parseSysctls('hw.physmem: 1000000\n'))).toBeUndefined()
})

it('counts cards by their link lines, also without an address', () => {
  expect(parseNetstat(netstat)).toEqual({ rx: 5001, tx: 7002 })
  expect(parseNetstat('')).toEqual({ rx: 0, tx: 0 })
})

it('counts disks by the names of the columns', () => {
  expect(parseIostat(iostat)).toEqual({ read: 10_240, write: 20_992 })
  expect(parseIostat('iostat: not found\n')).toEqual({ read: 0, write: 0 })
})

it('reads a host in one answer, and says when it tells nothing', () => {
  const text = `${sysctl}--bailiwick-next--\n${netstat}--bailiwick-next--\n${iostat}`
  expect(understandFreebsd(text, 7)).toEqual({
    ticks: { busy: 165, total: 1000 },
    memoryBytes: 1_000_000,
    load1: 0.52,
    sample: {
      name: '',
      at: 7,
      memoryUsedBytes: 390_400,
      diskReadBytes: 10_240,
      diskWriteBytes: 20_992,
      netRxBytes: 5001,
      netTxBytes: 7002,
    },
  })
  expect(() => understandFreebsd('', 7)).toThrow('The host tells no counters')
})
