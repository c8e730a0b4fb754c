import { ExecError } from '@/server/exec/error'
import { under } from './plan-parts'
import type { CbsdHost } from './types'

/** The files an ISO or cloud profile brings, under src/iso of the working directory. */
export type ProfileFiles = {
  /** What it is called once it is whole and checked. */
  whole: string
  /** What the download may be called before. */
  parts: string[]
}

/**
 * Plain assignments of a profile (`iso_img="x"`, `iso_img_dist="${iso_img}.xz"`). A profile is shell text: what is more than text
 * and names of earlier assignments is left out, and nothing is run.
 */
export function assignments(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, key, quoted, bare] = /^([a-z][a-z0-9_]*)=(?:"([^"`\\]*)"|([A-Za-z0-9_./:+-]+))\s*(?:#.*)?$/.exec(line) ?? []
    if (!key) continue
    let known = true
    const value = (quoted ?? bare ?? '').replace(/\$(?:\{([a-z][a-z0-9_]*)\}|([a-z][a-z0-9_]*))/g, (_, braced?: string, plain?: string) => {
      const part = found.get(braced ?? plain ?? '')
      if (part === undefined) known = false
      return part ?? ''
    })
    if (known && !value.includes('$')) found.set(key, value)
  }
  return found
}

const isFileName = (name: string | undefined): name is string => name !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.+-]{0,200}$/.test(name)

/** Where the image of a profile is, or will be; null where the profile does not say it plainly. `id`: "linux/cloud-Debian-x86-12". */
export async function profileFiles(cbsd: CbsdHost, id: string): Promise<ProfileFiles | null> {
  const [type = '', ...rest] = id.split('/')
  const file = `vm-${type}-${rest.join('/')}.conf`
  if (!isFileName(file)) return null
  for (const folder of [['etc'], ['etc', 'defaults']]) {
    try {
      const bytes = await cbsd.context.exec.readFile(under(cbsd, ...folder, file), { maxBytes: 65_536 })
      const said = assignments(Buffer.from(bytes).toString('utf8'))
      const whole = said.get('register_iso_name')
      if (!isFileName(whole)) return null
      const parts = [said.get('iso_img_dist'), said.get('iso_img')].filter(isFileName).filter((part) => part !== whole)
      return { whole: under(cbsd, 'src', 'iso', whole), parts: parts.map((part) => under(cbsd, 'src', 'iso', part)) }
    } catch (error) {
      if (!(error instanceof ExecError)) throw error
    }
  }
  return null
}
