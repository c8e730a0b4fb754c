import { z } from 'zod'
import type { Exec } from '@/server/exec/types'
import type { JailProfile, VmProfile } from '@/server/model/catalog'
import type { Caller } from './argv'
import { question } from './ask'

const profile = z.looseObject({
  name: z.string(),
  profile: z.string(),
  type: z.string(),
  imgsize_bytes: z.number().optional().catch(undefined),
  imgsize_min_bytes: z.number().optional().catch(undefined),
})
const profileList = z.array(profile)
const capability = z.looseObject({ name: z.string(), available: z.union([z.number(), z.string(), z.boolean()]) })
const capabilityList = z.array(capability)

/** The JSON in what CBSD printed: notes may stand before it. Throws where there is none. */
function jsonIn(stdout: string): unknown {
  const at = stdout.search(/^\s*\[/m)
  if (at < 0) throw new Error(`CBSD answers: ${stdout.trim().slice(0, 200)}`)
  return JSON.parse(stdout.slice(at))
}

const size = (bytes: number | undefined) => (bytes && bytes > 0 ? bytes : undefined)

/** Out of `get-profiles src=iso|cloud json=1`. `active`: "linux-NAME" by hypervisor; empty where the files do not tell. */
export function parseVmProfiles(stdout: string, cloud: boolean, active: ReadonlyMap<string, ReadonlySet<string>>): VmProfile[] {
  return profileList.parse(jsonIn(stdout)).map((each) => {
    const runs = [...active].filter(([, names]) => names.size === 0 || names.has(`${each.type}-${each.profile}`)).map(([engine]) => engine)
    return {
      id: `${each.type}/${each.profile}`,
      title: each.name,
      osType: each.type,
      cloud,
      hypervisors: runs,
      defaultDiskBytes: size(each.imgsize_bytes) ?? size(each.imgsize_min_bytes),
      minDiskBytes: size(each.imgsize_min_bytes),
    }
  })
}

/** Out of `get-profiles src=jail json=1`. Linux profiles are told by their words: CBSD names no system with them. */
export function parseJailProfiles(stdout: string): JailProfile[] {
  return profileList.parse(jsonIn(stdout)).map((each) => ({
    id: each.profile,
    title: each.name,
    linux: /linux/i.test(each.name) || /^(debian|devuan|ubuntu|rocky|alma|centos|fedora|alpine|arch)[_-]/i.test(each.profile),
  }))
}

/** Out of `capabilities json=1`: what can run here, by name. */
export const parseCapabilities = (stdout: string): Map<string, boolean> =>
  new Map(capabilityList.parse(jsonIn(stdout)).map((each) => [each.name, Number(each.available) === 1 || each.available === true]))

export type Profiles = { vm: VmProfile[]; jail: JailProfile[]; readAt: number }

const maxAgeMs = 30 * 60_000
const withinMs = 90_000
/** A host that does not tell them is not asked with every list. */
const againMs = 5 * 60_000

/** Profiles take CBSD seconds to list: read once, one after the other, and again in the background when they are old. */
export function createProfiles(caller: Caller, active: (signal: AbortSignal) => Promise<ReadonlyMap<string, ReadonlySet<string>>>) {
  let known: Profiles | null = null
  let reading: Promise<Profiles> | null = null
  let failedAt = Number.NEGATIVE_INFINITY
  const exec: Exec = caller.context.exec

  async function read(): Promise<Profiles> {
    const signal = AbortSignal.timeout(3 * withinMs)
    const ask = (which: 'profiles.iso' | 'profiles.cloud' | 'profiles.jail') =>
      exec.read(question(caller, which), { signal, timeoutMs: withinMs })
    const engines = await active(signal)
    const cloud = parseVmProfiles(await ask('profiles.cloud'), true, engines)
    const iso = parseVmProfiles(await ask('profiles.iso'), false, engines)
    const jail = parseJailProfiles(await ask('profiles.jail'))
    known = { vm: [...cloud, ...iso], jail, readAt: Date.now() }
    return known
  }

  const refresh = (): Promise<Profiles> => {
    reading ??= read()
      .catch((error: unknown) => {
        failedAt = Date.now()
        throw error
      })
      .finally(() => {
        reading = null
      })
    return reading
  }

  return {
    /** What is known, and at once; the first time it is read. Rejects when CBSD does not tell. */
    async get(): Promise<Profiles> {
      if (!known) return refresh()
      if (Date.now() - known.readAt > maxAgeMs) refresh().catch(() => {})
      return known
    },
    /** What is known already, without asking. */
    now: (): Profiles | null => known,
    /** Begins to read them, so that whoever asks later need not wait. */
    prepare(): void {
      if (!known && !reading && Date.now() - failedAt > againMs) refresh().catch(() => {})
    },
  }
}
