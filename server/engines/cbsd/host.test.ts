import { describe, expect, it } from 'vitest'
import { foundOf as found, aNode as node } from './fixture-found'
import { hookCalls } from './fixture-transcript'
import { accountingOf, debrisOf, hookOf, mediaOf } from './host-detail'
import { parseOutput } from './output'
import { toNode } from './read'
import { parseRctl, toSamples } from './sample'
import { exitCodeOf, taskTime, toTask } from './tasks'
import type { Found, Row } from './types'
import { parseCall } from './watch'

describe('the queue hook', () => {
  const events = hookCalls().flatMap(parseCall)
  it('understands every call that a real one made', () => {
    expect(events.length).toBeGreaterThan(40)
    expect(events.every((event) => event.what !== '')).toBe(true)
  })
  it('says at once how a guest is where the call says it', () => {
    expect(events).toContainEqual({ name: 'ev3', what: 'jstart', state: 'running' })
    expect(events).toContainEqual({ name: 'vm1', what: 'qstop', state: 'stopped' })
  })
  it('looks at both names of a rename, and at all for what has none', () => {
    expect(parseCall('cbsd_queue_name=ev_jail id=ev2 jname=ev3 cmd=jrename ip4_addr= status=1').map((each) => each.name)).toEqual([
      'ev2',
      'ev3',
    ])
    expect(parseCall('cbsd_queue_name=ev_repo cmd=repo id=$(x) status=1')).toEqual([{ what: 'repo' }])
    expect(parseCall('noise')).toEqual([])
  })
})

describe('tasks', () => {
  it('makes an exit code of what wait(2) gave', () => {
    expect([exitCodeOf(0), exitCodeOf(256), exitCodeOf(9)]).toEqual([0, 1, 137])
  })
  it('reads a row', () => {
    const row = {
      id: 4,
      st_time: '20241005182233',
      end_time: '',
      cmd: 'cbsd jstart inter=0 jname=a b',
      status: 2,
      errcode: 256,
      owner: 'cbsdweb',
      jname: 'a',
    }
    expect(toTask(row, 0)).toMatchObject({ id: 4, state: 'ended', exitCode: 1, startedAt: Date.parse('2024-10-05T18:22:33Z'), guest: 'a' })
    expect(toTask({ ...row, status: 1 }, 0)).toMatchObject({ state: 'running', exitCode: undefined })
    expect(taskTime('never', 0)).toBeUndefined()
  })
})

describe('the node', () => {
  const output = (...lines: string[]) => parseOutput(`${lines.join('\n')}\n`)
  it('takes no folder of a guest that is being made for debris', () => {
    const whole = ['@whole', '[{"@":"guest","jname":"web"}]', '@folders', 'web', 'left', 'node1.my.domain', 'new']
    expect(debrisOf(output(...whole), node).map((each) => each.key)).toEqual(['left', 'new'])
    expect(debrisOf(output(...whole, '@making', 'cbsd bcreate inter=0 jname=new vm_ram=1g'), node)).toEqual([
      { key: 'left', path: '/usr/jails/jails-system/left' },
    ])
    expect(debrisOf(output(...whole, '@making', 'sh jcreate jconf=/tmp/x'), node)).toEqual([])
    // Another node may share these folders, and its guests have no row here.
    const shared = whole.map((line) => line.replace(/\]$/, ',\n{"@":"node","nodename":"node2.my.domain","ip":"10.0.0.2"}]'))
    expect(debrisOf(output(...shared), node)).toEqual([])
  })
  it('tells our hook from that of another', () => {
    const on = ['@hook', 'enabled="YES"', 'backend="/usr/jails/etc/bailiwick-queue.sh"', 'script=1']
    expect(hookOf(output(...on), node)).toBe('on')
    expect(hookOf(output(...on.slice(0, 3)), node)).toBe('off')
    expect(hookOf(output('@hook', 'enabled="YES"', 'backend="/usr/local/bin/clonos"'), node)).toBe('foreign')
    expect(hookOf(output('@hook', 'enabled="NO"', 'backend="/usr/local/bin/clonos"'), node)).toBe('off')
  })
  it('says how accounting is turned on', () => {
    expect(accountingOf(node)).toMatch(/loader\.conf/)
    expect(accountingOf({ ...node, racct: true })).toBe(true)
    expect(accountingOf({ ...node, racct: true, root: false })).toMatch(/no daemon/)
  })
  it('takes the word of the kernel about accounting, and CBSD’s own where there is none', () => {
    const racct = (local: Row, said: [string, string][]) => toNode(local, new Map(said)).racct
    expect(racct({ racct: 1 }, [['racct', '0']])).toBe(false)
    expect(racct({ racct: 0 }, [['racct', '1']])).toBe(true)
    expect(racct({ racct: 1 }, [])).toBe(true)
    expect(racct({ racct: 1 }, [['racct', '']])).toBe(true)
  })
  it('lists a medium once, with the size that only its own row knows', () => {
    const rows = [
      '[{"@":"media","name":"a.iso","path":"/i/a.iso","type":"iso","jname":"vm1","size":0},',
      '{"@":"media","name":"a.iso","path":"/i/a.iso","type":"iso","jname":"-","size":2097152},',
      '{"@":"media","name":"hdd-dsk1.vhd","path":"/d/dsk1.vhd","type":"hdd","jname":"vm1","size":1}]',
    ]
    expect(mediaOf(output('@whole', ...rows))).toEqual([
      { key: 'a.iso', path: '/i/a.iso', kind: 'iso', sizeBytes: 2_097_152, attachedTo: 'vm1' },
    ])
  })
})

describe('figures', () => {
  const guests = new Map<string, Found>(
    [
      found({ jname: 'web', emulator: 'jail' }),
      found({ jname: 'old', emulator: 'jail' }),
      found({ jname: 'db', emulator: 'bhyve' }, { settings: { vm_cpus: 2 } }),
    ].flatMap((each): [string, Found][] => (each ? [[each.name, each]] : [])),
  )
  it('takes jails from fresh accounts and VMs from their process', () => {
    const output = parseOutput(
      [
        '@host',
        'now=1000',
        '@jails',
        '1 web',
        '2 old',
        '@processes',
        ' 100 50 IC 1024 0:10.50 bhyve: db (bhyve)',
        '@rows',
        'racct\tweb\t{"idx":995,"memoryuse":1048576,"pcpu":200,"readbps":10,"writebps":null}',
        'racct\told\t{"idx":100,"memoryuse":1,"pcpu":1,"readbps":1,"writebps":1}',
        'racct\tdb\t{"idx":995,"memoryuse":1,"pcpu":1,"readbps":7,"writebps":8}',
        '',
      ].join('\n'),
    )
    expect(toSamples(output, guests, 5)).toEqual([
      { name: 'web', at: 5, memoryUsedBytes: 1_048_576, rates: { cpu: 0.5, diskRead: 10, diskWrite: undefined } },
      { name: 'db', at: 5, cpuNs: 10_500_000_000, memoryUsedBytes: 1_048_576, rates: { diskRead: 7, diskWrite: 8 } },
    ])
  })
  it('takes what rctl(8) says where no daemon writes', () => {
    expect(parseRctl(['web cputime=12', 'web pcpu=50', 'noise'])).toEqual(new Map([['web', { cputime: 12, pcpu: 50 }]]))
  })
})
