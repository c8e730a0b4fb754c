import type { Become, Host, HostSettings, SshKey } from '@/server/model/host'

/** What is typed into the form of a host, as it stands there. Nothing of it is lost by an error. */
export type HostForm = {
  transport: Host['transport']
  name: string
  address: string
  port: string
  user: string
  keyKind: SshKey['kind']
  keyPath: string
  /** The key that somebody confirmed; '' while nobody has. */
  hostKey: string
  become: Become
  libvirt: boolean
  libvirtUri: string
  incus: boolean
  incusDir: string
  cbsd: boolean
  cbsdWorkdir: string
}

export const newHostForm: HostForm = {
  transport: 'ssh',
  name: '',
  address: '',
  port: '22',
  user: 'root',
  keyKind: 'own',
  keyPath: '',
  hostKey: '',
  become: 'none',
  libvirt: true,
  libvirtUri: 'qemu:///system',
  incus: true,
  incusDir: '',
  cbsd: true,
  cbsdWorkdir: '',
}

/** The form of a host that is there. */
export function formOf(host: Host): HostForm {
  const { ssh } = host
  return {
    ...newHostForm,
    transport: host.transport,
    name: host.name,
    ...(ssh && {
      address: ssh.address,
      port: String(ssh.port),
      user: ssh.user,
      keyKind: ssh.key.kind,
      keyPath: ssh.key.kind === 'file' ? ssh.key.path : '',
      hostKey: ssh.hostKey,
    }),
    become: host.become ?? 'none',
    libvirt: host.libvirtUri !== '',
    libvirtUri: host.libvirtUri || newHostForm.libvirtUri,
    incus: host.incusDir !== '',
    incusDir: host.incusDir ?? '',
    cbsd: host.cbsdWorkdir !== '',
    cbsdWorkdir: host.cbsdWorkdir ?? '',
  }
}

/** A folder of an engine: '' switches the engine off, absent leaves it to the engine. */
const folder = (on: boolean, text: string) => (on ? text.trim() || undefined : '')

/** What the server is asked with. What is wrong in it the server says, by field. */
export function settingsOf(form: HostForm): HostSettings {
  const key: SshKey = form.keyKind === 'file' ? { kind: 'file', path: form.keyPath.trim() } : { kind: form.keyKind }
  const ssh = { address: form.address.trim(), port: portOf(form), user: form.user.trim(), key, hostKey: form.hostKey }
  return {
    name: form.name.trim(),
    transport: form.transport,
    ...(form.transport === 'ssh' && { ssh }),
    become: form.become,
    libvirtUri: form.libvirt ? form.libvirtUri.trim() : '',
    incusDir: folder(form.incus, form.incusDir),
    cbsdWorkdir: folder(form.cbsd, form.cbsdWorkdir),
  }
}

/** 0 for what is no number: the server refuses it and says what it may be. */
export const portOf = (form: Pick<HostForm, 'port'>): number => (/^\d{1,6}$/.test(form.port.trim()) ? Number(form.port) : 0)

/** A host's name out of its address, while nobody gave another: "mars.example.org" is mars. */
export function nameFromAddress(address: string): string {
  const text = address.trim().toLowerCase()
  const first = /^[\d.]+$/.test(text) || text.includes(':') ? text.replaceAll(':', '-') : (text.split('.')[0] ?? '')
  return first.replace(/[^a-z0-9.-]/g, '').replace(/^[.-]+/, '')
}
