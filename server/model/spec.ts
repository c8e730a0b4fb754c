import { z } from 'zod'
import { arches } from './guest'
import { GiB, MiB } from './size'

/** A name for a new guest or snapshot: what every engine accepts and no shell or option parser misreads. */
export const newName = z
  .string()
  .min(1, 'Give it a name')
  .max(63, 'At most 63 characters')
  .regex(/^[a-z]/, 'Must start with a letter a–z')
  .regex(/^[a-z0-9-]*$/, 'Only a–z, 0–9 and -')
  .regex(/[a-z0-9]$/, 'Must not end with -')

/** The name of a guest that exists: any text the engine gave us, without controls and never an option. */
export const existingName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^-\p{Cc}]/u, 'Must not start with - or a control character')
  .regex(/^[^\p{Cc}]*$/u, 'Must not hold control characters')

export const snapshotName = newName
export const cpus = z.int().min(1, 'At least 1 CPU').max(512, 'At most 512 CPUs')
export const memoryBytes = z
  .int()
  .min(32 * MiB, 'At least 32 MiB')
  .max(4096 * GiB, 'At most 4 TiB')
export const diskBytes = z
  .int()
  .min(1 * MiB, 'At least 1 MiB')
  .max(65536 * GiB, 'At most 64 TiB')

const oneLine = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'Must be one line without control characters')

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
})

export const containerSpec = z.object({
  ...common,
  type: z.literal('container'),
  image: oneLine(128),
  /** Size of the root disk where the pool can limit it; null: no limit. */
  diskBytes: diskBytes.nullable().default(null),
  access: accessSpec.nullable().default(null),
})

export const guestSpec = z.discriminatedUnion('type', [vmSpec, containerSpec])
export type GuestSpec = z.infer<typeof guestSpec>
export type VmSpec = z.infer<typeof vmSpec>
export type ContainerSpec = z.infer<typeof containerSpec>
