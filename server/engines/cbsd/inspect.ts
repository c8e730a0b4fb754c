import { posix } from 'node:path'
import type { Disk, Forward, GuestDetail, Limit, Medium, Nic, Share } from '@/server/model/guest'
import { addressesOf } from './guest'
import { isSecret, settingsOf } from './plan-settings'
import type { Reading } from './read'
import { bytes, flag, instant, integer, text } from './row'
import type { Found, Row } from './types'

/** A setting as it stands there; undefined where this version has none of that name. */
function settingValue(row: Row, key: string): string | undefined {
  const value = row[key]
  if (value === undefined) return undefined
  return isSecret(key) ? '' : String(value ?? '')
}

const rowsOf = (reading: Reading, ...tags: string[]): Row[] =>
  reading.output.rows('whole').flatMap(({ tag, row }) => (tags.includes(tag) ? [row] : []))

function disksOf(reading: Reading, found: Found, folder: string): Disk[] {
  const used = new Map(
    reading.output.lines('files').flatMap((line): [string, number][] => {
      const [, kib, name] = /^used=(\d+) (.+)$/.exec(line) ?? []
      return kib && name ? [[name, Number(kib) * 1024]] : []
    }),
  )
  return rowsOf(reading, 'bhyvedsk', 'qemudsk').flatMap((row) => {
    const target = text(row, 'dsk_path')
    if (!target || (text(row, 'jname') ?? found.name) !== found.name) return []
    const path = posix.isAbsolute(target) ? target : posix.join(folder, target)
    return [
      {
        target,
        path,
        sizeBytes: bytes(row.dsk_size),
        usedBytes: used.get(posix.basename(target)),
        format: text(row, 'dsk_type'),
        bus: text(row, 'dsk_controller'),
        readOnly: flag(row, 'dsk_ro'),
      },
    ]
  })
}

function nicsOf(reading: Reading, found: Found, row: Row): Nic[] {
  const addresses = found.guest.addresses
  const nics = rowsOf(reading, 'bhyvenic', 'qemunic', 'jailnic').flatMap((each, index): Nic[] => {
    const mac = text(each, 'nic_hwaddr')
    if (!mac || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac)) return []
    const own = addressesOf(text(each, 'nic_address'))
    return [
      {
        target: text(each, 'name'),
        mac: mac.toLowerCase(),
        network: text(each, 'nic_parent'),
        model: text(each, 'nic_driver'),
        addresses: own.length > 0 ? own : index === 0 ? addresses : [],
      },
    ]
  })
  const mac = text(row, 'nic_hwaddr')
  if (nics.length === 0 && mac && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac))
    return [{ mac: mac.toLowerCase(), network: text(row, 'interface'), addresses }]
  return nics
}

/** A jail without a network stack of its own has no card: it puts its addresses on one of the host's. */
function nicsNote(found: Found, row: Row): string | undefined {
  if (found.kind !== 'jail' || flag(row, 'vnet')) return undefined
  const { addresses } = found.guest
  if (addresses.length === 0) return 'It shares the network of its host, and has no address of its own.'
  const card = text(row, 'interface')
  const on = !card ? '' : card === 'auto' ? ', on the card that CBSD chooses' : `, on ${card}`
  return `It shares the network of its host, with the ${addresses.length > 1 ? 'addresses' : 'address'} ${addresses.join(', ')}${on}.`
}

const forwardsOf = (reading: Reading): Forward[] =>
  rowsOf(reading, 'expose').flatMap((row): Forward[] => {
    const proto = text(row, 'proto')?.toLowerCase()
    const hostPort = integer(row, 'pin')
    const guestPort = integer(row, 'pout')
    if ((proto !== 'tcp' && proto !== 'udp') || !hostPort || !guestPort) return []
    return [{ key: `${proto}/${hostPort}`, proto, hostPort, guestPort }]
  })

const sharesOf = (reading: Reading): Share[] =>
  rowsOf(reading, 'p9shares').flatMap((row) => {
    const key = text(row, 'p9device')
    return key ? [{ key, path: text(row, 'p9path') ?? '', readOnly: flag(row, 'ro') }] : []
  })

const counted: Record<string, string> = {
  memoryuse: 'memory in use',
  vmemoryuse: 'address space',
  swapuse: 'swap space',
  pcpu: 'percent of one processor',
  maxproc: 'processes',
  openfiles: 'open files',
  nthr: 'threads',
  fsquota: 'disk',
  readbps: 'bytes read per second',
  writebps: 'bytes written per second',
  readiops: 'reads per second',
  writeiops: 'writes per second',
  nice: 'priority: -20 first, 20 last',
  bw: 'bandwidth',
}

/** Limits that are set; what is used of each as rctl(8) says, where accounting is on and we may ask. */
function limitsOf(reading: Reading, found: Found): Limit[] {
  const used = new Map(
    reading.output.lines('rctl').flatMap((line): [string, string][] => {
      const [, name, key, value] = /^(\S+) ([a-z]+)=(\d+)$/.exec(line) ?? []
      return name === found.name && key && value ? [[key, value]] : []
    }),
  )
  return rowsOf(reading, 'limit').flatMap((row): Limit[] => {
    const key = text(row, 'param')
    const value = text(row, 'cur')
    return key && value && /^[a-z]+$/.test(key) ? [{ key, value, used: used.get(key), about: counted[key] }] : []
  })
}

/** A row of the list of media. CBSD lists one file twice: as a medium, and in each drive. */
export function mediumOf(row: Row): Medium | null {
  const key = text(row, 'name')
  const path = text(row, 'path')
  if (!key || !path) return null
  return {
    key,
    path,
    kind: text(row, 'type') === 'hdd' ? 'hdd' : 'iso',
    sizeBytes: bytes(row.size),
    attachedTo: text(row, 'jname'),
  }
}

function mediaOf(reading: Reading, found: Found, disks: Disk[]): Medium[] {
  const own = rowsOf(reading, 'media').flatMap((row) => {
    const medium = mediumOf(row)
    return medium && medium.attachedTo === found.name && !disks.some((disk) => disk.path === medium.path) ? [medium] : []
  })
  // CBSD's own order changes with every change of a drive, and rows would move under the pointer.
  return [...new Map(own.map((medium) => [medium.key, medium])).values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Everything CBSD keeps of it, as `cbsd jget` and `cbsd bget` would show it, without what nobody may see. */
function configText(found: Found, row: Row, settings: Row): string {
  const lines = (of: Row) =>
    Object.entries(of)
      .filter(([key]) => key !== '@')
      .map(([key, value]) => `${key}: ${isSecret(key) && value ? '********' : (value ?? '')}`)
  const own = Object.keys(settings).length > 0 ? ['', '# its own database, which counts for a VM', ...lines(settings)] : []
  return [`# ${found.name}: table jails`, ...lines(row), ...own, ''].join('\n')
}

/** The folder of its disks: as the database says, else where CBSD puts it. */
const dataFolder = (workdir: string, row: Row, name: string) => text(row, 'data') ?? posix.join(workdir, 'jails-data', `${name}-data`)

/** Out of one reading of `readGuest`: everything the guest page shows. */
export function toDetail(reading: Reading, found: Found): GuestDetail {
  const { node } = reading
  const row = rowsOf(reading, 'jail')[0] ?? found.row
  const settings = found.kind === 'vm' ? (rowsOf(reading, 'settings')[0] ?? found.settings) : {}
  const folder = dataFolder(node.workdir, row, found.name)
  const disks = disksOf(reading, found, folder)
  const nics = nicsOf(reading, found, row)
  const created = instant(rowsOf(reading, 'settings')[0] ?? {}, 'created')
  const bind = text(settings, 'bhyve_vnc_tcp_bind') ?? text(settings, 'qemu_vnc_tcp_bind')
  const port = found.alive > 0 ? integer(settings, 'vnc_port') : undefined
  const shown: [string, string | undefined][] = [
    ['Run by', found.guest.emulator],
    ['Description', reading.output.lines('text').join(' ').trim() || undefined],
    ['Host name', text(row, 'host_hostname')],
    ['Profile', text(settings, 'vm_os_profile')],
    ['Release', found.kind === 'jail' ? text(row, 'ver') : undefined],
    ['Base', found.kind === 'jail' ? (flag(row, 'baserw') ? 'its own, may be written' : 'shared, read-only') : undefined],
    ['Network', found.kind === 'jail' ? (flag(row, 'vnet') ? 'a stack of its own' : 'shared with the host') : undefined],
    ['Interface', found.kind === 'jail' ? text(row, 'interface') : undefined],
    ['Jail id', found.kind === 'jail' && found.alive > 0 ? String(found.alive) : undefined],
    ['Process', found.kind === 'vm' && found.alive > 0 ? String(found.alive) : undefined],
    ['Firmware', text(settings, 'vm_efi')],
    ['Machine', text(settings, 'machine')],
    ['Screen', bind && port ? `${bind}:${port}` : undefined],
    ['Root', found.kind === 'jail' ? text(row, 'path') : undefined],
    ['Folder', folder],
    ['Created', created ? new Date(created).toISOString().slice(0, 16).replace('T', ' ') : undefined],
  ]
  const isVm = found.kind === 'vm'
  return {
    guest: { ...found.guest, diskBytes: found.guest.diskBytes ?? disks[0]?.sizeBytes },
    disks,
    nics,
    ...(nics.length === 0 && { nicsNote: nicsNote(found, row) }),
    facts: shown.filter((fact): fact is [string, string] => Boolean(fact[1])),
    settings: settingsOf(found, (key) => settingValue({ ...row, ...settings }, key)),
    forwards: forwardsOf(reading),
    ...(isVm && found.engine === 'bhyve' && { shares: sharesOf(reading) }),
    limits: limitsOf(reading, found),
    ...(isVm && { media: mediaOf(reading, found, disks) }),
    config: { language: 'text', text: configText(found, row, settings) },
  }
}
