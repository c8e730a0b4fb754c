import { z } from 'zod'
import { diskBytes, existingName, hostPath, newName, plainWord, settingKey, settingValue, snapshotName } from './spec'

const on = { name: existingName }
const port = z.int().min(1).max(65_535)
const proto = z.enum(['tcp', 'udp'])

/** What can be done to the parts of one guest, on engines that have them. */
export const deviceOperations = [
  z.object({ kind: z.literal('export'), ...on, compress: z.int().min(0).max(9).default(0) }),
  z.object({ kind: z.literal('disk.add'), ...on, sizeBytes: diskBytes, controller: z.enum(['virtio-blk', 'ahci-hd', 'nvme']) }),
  /** `disk`: its `target` in `GuestDetail.disks`. `sizeBytes`: the new size, larger than the old. */
  z.object({ kind: z.literal('disk.grow'), ...on, disk: plainWord, sizeBytes: diskBytes }),
  z.object({ kind: z.literal('disk.remove'), ...on, disk: plainWord }),
  z.object({ kind: z.literal('share.add'), ...on, share: plainWord, path: hostPath, readOnly: z.boolean() }),
  z.object({ kind: z.literal('share.remove'), ...on, share: plainWord }),
  z.object({ kind: z.literal('forward.add'), ...on, proto, hostPort: port, guestPort: port }),
  z.object({ kind: z.literal('forward.remove'), ...on, proto, hostPort: port, guestPort: port }),
  /** Limits by the engine's own names; an empty value takes one away. */
  z.object({ kind: z.literal('limits'), ...on, limits: z.record(settingKey, settingValue) }),
  z.object({ kind: z.literal('checkpoint.create'), ...on, checkpoint: snapshotName }),
  /** All of them: the engine knows no other way. */
  z.object({ kind: z.literal('checkpoint.remove'), ...on }),
  z.object({ kind: z.literal('media.attach'), ...on, medium: plainWord }),
  z.object({ kind: z.literal('media.eject'), ...on, medium: plainWord }),
  /** To another node that the engine knows. `live`: without stopping it. */
  z.object({ kind: z.literal('migrate'), ...on, node: plainWord, live: z.boolean() }),
] as const

/** What can be done to an engine's host as a whole. */
export const hostOperations = [
  z.object({ kind: z.literal('import'), path: hostPath, newName }),
  z.object({ kind: z.literal('base.fetch'), platform: plainWord, version: plainWord, arch: plainWord }),
  z.object({ kind: z.literal('base.remove'), platform: plainWord, version: plainWord, arch: plainWord }),
  /** Fetches the ISO or disk of a VM profile, so that the first start need not. */
  z.object({ kind: z.literal('media.fetch'), profile: plainWord, cloud: z.boolean() }),
  /** A CD image that lies on the host, at `path`, moves into the engine's own store under this name. */
  z.object({ kind: z.literal('media.add'), medium: plainWord, path: hostPath }),
  z.object({ kind: z.literal('media.remove'), medium: plainWord }),
  /** What a failed create left, by the name of its folder. */
  z.object({ kind: z.literal('debris.remove'), debris: plainWord }),
  /** Lets the engine tell Bailiwick of changes. */
  z.object({ kind: z.literal('hook.install') }),
  z.object({ kind: z.literal('hook.remove') }),
] as const
