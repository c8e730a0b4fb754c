import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'

/** The same name always gets the same UUID: the test driver would otherwise make a new one in every process that loads the file. */
function uuid(name) {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const mac = (i) => `52:54:00:${[i >> 16, i >> 8, i].map((byte) => (byte & 255).toString(16).padStart(2, '0')).join(':')}`

/** A domain as people have them: a disk, a card, a serial port, a screen. */
function domain(i) {
  const name = `be-${String(i).padStart(4, '0')}`
  return `<domain type='test'><name>${name}</name><uuid>${uuid(name)}</uuid>
<memory unit='KiB'>${(1 + (i % 8)) * 1048576}</memory><currentMemory unit='KiB'>${(1 + (i % 8)) * 1048576}</currentMemory><vcpu>${1 + (i % 4)}</vcpu>
<os><type arch='x86_64'>hvm</type><boot dev='hd'/></os><features><acpi/></features>
<devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/var/lib/images/${name}.qcow2'/><target dev='vda' bus='virtio'/></disk>
<interface type='network'><mac address='${mac(i)}'/><source network='default'/><model type='virtio'/></interface>
<serial type='pty'><target port='0'/></serial><graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/></devices></domain>`
}

/** Writes a file for libvirt's test driver with `count` running domains. Returns its URI. */
export function writeDomains(path, count) {
  const domains = Array.from({ length: count }, (_, i) => domain(i))
  writeFileSync(
    path,
    `<node><cpu><mhz>2000</mhz><model>x86_64</model><active>8</active><nodes>1</nodes><sockets>1</sockets><cores>8</cores><threads>1</threads></cpu>
<memory>33554432</memory>
<network><name>default</name><bridge name='virbr0'/><ip address='192.168.122.1' netmask='255.255.255.0'><dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp></ip></network>
${domains.join('\n')}
</node>\n`,
  )
  return `test://${path}`
}
