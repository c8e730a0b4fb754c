import { z } from 'zod'

/** The parts of the REST API that are read here. The same in Incus and LXD, but for what is optional. */

const text = z.record(z.string(), z.string())
/** Go writes an empty map as null: seen in lists, for a guest that another command is just making or removing. */
const config = text.nullish().transform((value) => value ?? {})
const devices = z
  .record(z.string(), text)
  .nullish()
  .transform((value) => value ?? {})
const address = z.object({ family: z.string(), address: z.string(), scope: z.string() })
const interfaceState = z.object({
  addresses: z.array(address).nullish(),
  counters: z.object({ bytes_received: z.number(), bytes_sent: z.number() }),
  hwaddr: z.string().default(''),
  host_name: z.string().default(''),
  type: z.string().default(''),
})
export const instanceState = z.object({
  cpu: z.object({ usage: z.number() }),
  memory: z.object({ usage: z.number(), total: z.number().optional() }),
  disk: z.record(z.string(), z.object({ usage: z.number().optional() })).nullish(),
  network: z.record(z.string(), interfaceState).nullish(),
  pid: z.number(),
  processes: z.number().optional(),
  /** Missing in LXD 5.0. */
  started_at: z.string().optional(),
})
export const snapshot = z.object({ name: z.string(), created_at: z.string(), stateful: z.boolean().default(false) })
export const instance = z.object({
  name: z.string(),
  type: z.string(),
  status: z.string(),
  architecture: z.string(),
  ephemeral: z.boolean(),
  description: z.string().nullish(),
  created_at: z.string(),
  profiles: z.array(z.string()).nullish(),
  config,
  expanded_config: config,
  expanded_devices: devices,
  state: instanceState.nullable().optional(),
  snapshots: z.array(snapshot).nullable().optional(),
})
export type Instance = z.infer<typeof instance>

export const server = z.object({
  auth: z.string(),
  environment: z.object({
    server: z.string(),
    server_version: z.string(),
    /** "lxc", "lxc | qemu" */
    driver: z.string(),
    driver_version: z.string(),
    storage: z.string().default(''),
    storage_version: z.string().default(''),
    architectures: z.array(z.string()),
    server_clustered: z.boolean().default(false),
  }),
})
export const warning = z.object({ type: z.string(), last_message: z.string(), status: z.string() })
export const pool = z.object({ name: z.string(), driver: z.string(), description: z.string().nullish(), config })
export const poolSpace = z.object({ space: z.object({ used: z.number().optional(), total: z.number().optional() }).optional() })
export const network = z.object({
  name: z.string(),
  type: z.string(),
  managed: z.boolean(),
  status: z.string().default(''),
  description: z.string().nullish(),
  config,
})
export const profile = z.object({ name: z.string(), config, devices })
export const image = z.object({
  fingerprint: z.string(),
  aliases: z.array(z.object({ name: z.string() })).nullish(),
  architecture: z.string(),
  type: z.string().default('container'),
  size: z.number(),
  created_at: z.string(),
  uploaded_at: z.string(),
  properties: config,
})
export const resources = z.object({
  cpu: z.object({ total: z.number() }),
  memory: z.object({ total: z.number(), used: z.number() }),
})
export const lifecycleEvent = z.object({
  type: z.string(),
  project: z.string().optional(),
  metadata: z.object({
    action: z.string(),
    source: z.string(),
    context: z.object({ old_name: z.string().optional() }).nullish(),
  }),
})
