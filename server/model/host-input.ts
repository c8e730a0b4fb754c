import { z } from 'zod'
import { becomes, type HostSettings, type Ssh } from './host'
import { hostPath } from './spec'

// Some of these become arguments of ssh and names in its configuration: letters that mean something there are left out.

export const hostAddress = z
  .string()
  .trim()
  .min(1, 'Give its name or address')
  .max(253, 'At most 253 characters')
  .regex(/^[A-Za-z0-9:_][A-Za-z0-9.:_%-]*$/, 'A host name or an address, such as mars.example.org or 10.0.0.5')
export const sshPort = z.int('A whole number').min(1, 'From 1 to 65535').max(65_535, 'From 1 to 65535')

/** A public key as authorized_keys and known_hosts write it, without options and comment. */
export const hostKeyText = z
  .string()
  .max(4096)
  .regex(
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}$/,
    'Fetch the key of the host first and confirm its fingerprint',
  )

const sshKey = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own') }),
  z.object({ kind: z.literal('agent') }),
  z.object({ kind: z.literal('file'), path: hostPath }),
])

export const sshUser = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, 'A user name of that machine: letters, digits, _ . and -, not first - or .')
export const hostName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'a–z, 0–9, dot and -; must start with a letter or digit')

export const sshSettings: z.ZodType<Ssh, Ssh> = z.object({
  address: hostAddress,
  port: sshPort,
  user: sshUser,
  key: sshKey,
  hostKey: hostKeyText,
})

const uri = z
  .string()
  .trim()
  .max(512)
  .regex(/^$|^[a-z][a-z0-9+.-]*:\/\/[^\s\p{Cc}]*$/u, 'A libvirt address such as qemu:///system')
const folder = z
  .string()
  .trim()
  .max(512)
  .refine((text) => text === '' || hostPath.safeParse(text).success, 'An absolute path of letters, digits and _ . @ : + , = -')

const common = {
  name: hostName,
  become: z.enum(becomes).optional(),
  libvirtUri: uri,
  incusDir: folder.optional(),
  cbsdWorkdir: folder.optional(),
}

/** What a person may say of a host: the edge of `host.test`, `host.add` and `host.update`. */
export const hostSettings: z.ZodType<HostSettings, HostSettings> = z.discriminatedUnion('transport', [
  z.object({ ...common, transport: z.literal('local') }),
  z.object({ ...common, transport: z.literal('ssh'), ssh: sshSettings }),
])
