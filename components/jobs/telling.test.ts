import { expect, test } from 'vitest'
import { telling } from './telling'

test('a single command begins with what it does, not with how the engine is reached', () => {
  expect(telling(['virsh -q -c qemu:///system start --domain web'])).toEqual({ command: 'virsh start --domain web', more: 0 })
  expect(telling(['env NOINTER=1 NOCOLOR=1 cbsd jstart jname=web'])).toEqual({ command: 'cbsd jstart jname=web', more: 0 })
  expect(telling(['sudo -n NOINTER=1 NOCOLOR=1 cbsd jstop jname=web']).command).toBe('cbsd jstop jname=web')
  expect(telling(['env NOINTER=1 NOCOLOR=1 workdir=/zfs/jails cbsd jstart jname=web']).command).toBe('cbsd jstart jname=web')
  expect(telling(['incus start web']).command).toBe('incus start web')
})

test('of many, the one that makes something and not the folder for it', () => {
  const create = [
    'mkdir -p -- /v/guests',
    'mkdir -m 0711 -- /v/guests/web',
    'qemu-img create -q -f qcow2 /v/guests/web/disk.qcow2 67108864',
    'write /v/guests/web/defined.xml',
    'virsh -q -c qemu:///system define --file /v/guests/web/defined.xml',
    'virsh -q -c qemu:///system start --domain web',
  ]
  expect(telling(create)).toEqual({ command: 'virsh define --file /v/guests/web/defined.xml', more: 5 })
  const download = [
    'rm -rf -- /v/x.part',
    'install -d -m 755 -- /v/x.part',
    'curl -o /v/x.part/disk https://host/x',
    'mv -T -- /v/x.part /v/x',
  ]
  expect(telling(download)).toEqual({ command: 'curl -o /v/x.part/disk https://host/x', more: 3 })
  const remove = ['virsh -q -c qemu:///system undefine --domain web --nvram', 'rm -rf -- /v/guests/web']
  expect(telling(remove)).toEqual({ command: 'virsh undefine --domain web --nvram', more: 1 })
})

test('housekeeping alone, or nothing', () => {
  expect(telling(['rm -rf -- /v/images/x'])).toEqual({ command: 'rm -rf -- /v/images/x', more: 0 })
  expect(telling([])).toEqual({ command: '', more: 0 })
})
