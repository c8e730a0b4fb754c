import { join } from 'node:path'
import type { Exec } from '@/server/exec/types'
import { readImage } from '@/server/images/image-file'
import { imagePaths } from '@/server/images/paths'
import { planTiny, tinyId } from '@/server/images/plan-tiny'
import { createCheck } from '@/server/jobs/check'
import { runPlan } from '@/server/jobs/runner'
import type { Arch } from '@/server/model/guest'
import type { Image } from '@/server/model/image'

/** Tiny Linux as a person gets it, made by its own recipe in `store` unless it is there. For tests. */
export async function tinyImage(exec: Exec, store: string, arch: Arch = 'x86_64'): Promise<Image> {
  const { folder } = imagePaths(store, tinyId(arch))
  if (!(await exec.stat(folder))) {
    const plan = await planTiny({ exec, storeDir: store, dataDir: join(store, 'data'), now: Date.now() }, arch)
    const nothing = async () => {
      throw new Error('no guest is made here')
    }
    const { state, error } = await runPlan(plan, exec, {
      check: createCheck({ guest: nothing, snapshots: nothing, stat: (path) => exec.stat(path) }),
    })
    if (state !== 'done') throw new Error(`Tiny Linux could not be made: ${error}`)
  }
  return readImage(exec, 'local', folder)
}
