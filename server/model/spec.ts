import { z } from 'zod'
import { arches } from './guest'
import { wrongName } from './names'
import { GiB, MiB } from './size'

/** A name for a new guest or snapshot: what every engine accepts and no shell or option parser misreads. */
export const newName = z.string().superRefine((name, context) => {
  const message = wrongName(name)
  if (message) context.addIssue({ code: 'custom', message })
})

/** The name of a guest that exists: any text the engine gave us, without controls and never an option. */
export const existingName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^-\p{Cc}]/u, 'Must not start with - or a control character')
  .regex(/^[^\p{Cc}]*$/u, 'Must not hold control characters')

export const snapshotName = newName
/** A word that an engine gave us: a profile, a disk, a node. */
export const plainWord = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@:/+-]*$/, 'Letters, digits and _ . @ : / + - only, and first a letter, a digit or _')
/** An absolute path on the host without anything that a shell would read. */
export const hostPath = z
  .string()
  .max(1024)
  .regex(/^\/[A-Za-z0-9_.@:+,=/-]*$/, 'An absolute path of letters, digits and _ . @ : + , = -')
  .refine((path) => !path.split('/').includes('..'), 'Must not hold ..')
export const settingKey = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_.]*$/i, 'The name of a setting')
/** Each engine narrows it by the setting's own rule. */
export const settingValue = z
  .string()
  .max(1024)
  .regex(/^[^\p{Cc}]*$/u, 'Must be one line without control characters')
export const cpus = z.int().min(1, 'At least 1 CPU').max(512, 'At most 512 CPUs')
export const memoryBytes = z
  .int('Between 32 MiB and 4 TiB')
  .min(32 * MiB, 'At least 32 MiB')
  .max(4096 * GiB, 'At most 4 TiB')
export const diskBytes = z
  .int('Between 1 MiB and 64 TiB')
  .min(1 * MiB, 'At least 1 MiB')
  .max(65536 * GiB, 'At most 64 TiB')

const oneLine = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'Must be one line without control characters')

/** An address for a guest: DHCP (the host's pool gives one), or IPv4/IPv6 with or without its prefix length. */
export const guestAddress = z
  .string()
  .max(64)
  .regex(
    /^(DHCP|DHCPv6|\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?|[0-9a-fA-F:]{2,39}(\/\d{1,3})?)$/,
    'DHCP, or an address such as 10.0.0.5 or 10.0.0.5/24',
  )
export const gatewayAddress = z
  .string()
  .max(39)
  .regex(/^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]{2,39})$/, 'An address such as 10.0.0.1')
export const hostName = z
  .string()
  .max(253)
  .regex(/^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/, 'A host name such as web.example.org')

/** How a person gets in: applied by cloud-init. */
export const accessSpec = z.object({
  user: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'A Unix user name: a–z, 0–9, _ and -'),
  password: oneLine(128).optional(),
  sshKeys: z
    .array(oneLine(16_384).regex(/^(ssh-|ecdsa-|sk-)\S+ \S+/, 'A public key in OpenSSH form'))
    .max(16)
    .default([]),
})

const common = {
  name: newName,
  cpus,
  memoryBytes,
  /** Name of a network of the catalog; null: no network card. */
  network: oneLine(64).nullable(),
  autostart: z.boolean().default(false),
  start: z.boolean().default(true),
}

export const vmSpec = z.object({
  ...common,
  type: z.literal('vm'),
  /** Image id of the catalog; null: an empty disk. */
  image: oneLine(128).nullable(),
  /** An ISO image of the catalog in the CD drive. */
  iso: oneLine(128).nullable().default(null),
  arch: z.enum(arches),
  /** Size of the disk; null: no disk (direct kernel boot, live ISO). */
  diskBytes: diskBytes.nullable(),
  access: accessSpec.nullable().default(null),
  /** Engines with profiles in place of images: `ProfileCatalog.vm[].id`, with `image` null. */
  profile: oneLine(128).optional(),
  hypervisor: z.enum(['bhyve', 'qemu']).optional(),
  /** Takes the place of processors, memory and disk. */
  flavour: oneLine(64).optional(),
  address: guestAddress.optional(),
  gateway: gatewayAddress.optional(),
})

/** A FreeBSD jail, or a Linux system in one. */
export const jailSpec = z.object({
  name: newName,
  type: z.literal('jail'),
  profile: oneLine(64).default('default'),
  /** "14.1", "native", "empty" for no base at all; Linux profiles bring their own. */
  release: z
    .string()
    .regex(/^(native|empty|\d{1,2}\.\d{1,2}|\d{1,2})$/, 'A release such as 14.1')
    .default('native'),
  /** Another instruction set, emulated; absent: the host's own. */
  emulate: z.enum(['aarch64', 'armv7', 'ppc64', 'mips64', 'riscv64']).optional(),
  hostName: hostName.optional(),
  /** A network stack of its own. */
  vnet: z.boolean().default(false),
  address: guestAddress.default('DHCP'),
  gateway: gatewayAddress.optional(),
  /** Interface or bridge of the catalog; null: none. */
  network: oneLine(64).nullable(),
  /** A base of its own that it may write; else the shared one, read-only. */
  ownBase: z.boolean().default(false),
  /** Packages to install when it is made. */
  packages: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/, 'A package name'))
    .max(32)
    .default([]),
  sshKeys: accessSpec.shape.sshKeys,
  /** Limits, where the host accounts for them; absent: none. */
  cpuPercent: z.int().min(1).max(51_200).optional(),
  memoryBytes: memoryBytes.optional(),
  diskBytes: diskBytes.optional(),
  autostart: z.boolean().default(false),
  start: z.boolean().default(true),
})

export const containerSpec = z.object({
  ...common,
  type: z.literal('container'),
  image: oneLine(128),
  /** Size of the root disk where the pool can limit it; null: no limit. */
  diskBytes: diskBytes.nullable().default(null),
  access: accessSpec.nullable().default(null),
})

export const guestSpec = z.discriminatedUnion('type', [vmSpec, containerSpec, jailSpec])
export type GuestSpec = z.infer<typeof guestSpec>
export type VmSpec = z.infer<typeof vmSpec>
export type JailSpec = z.infer<typeof jailSpec>
export type ContainerSpec = z.infer<typeof containerSpec>
