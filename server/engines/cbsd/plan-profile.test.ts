import { describe, expect, test } from 'vitest'
import { knownOf } from './fixture-known'
import { planCbsd } from './plan'
import { assignments } from './plan-profile'

/** Lines as CBSD's profiles have them, with comments, conditions and commands between. */
const profile = `vm_profile="cloud-Debian-x86-12"
iso_img="Debian-x86-12.5.raw"\t\t# a comment
iso_img_dist="\${iso_img}.xz"
fetch=1
[ \${freebsdhostversion} -lt 1301510 ] && hdd_boot_firmware="refind"
iso_extract="nice -n 19 \${IDLE_IONICE} \${XZ_CMD} -d \${iso_img_dist}"
evil="$(touch /tmp/x)"
register_iso_name="cbsd-cloud-$iso_img"
`

describe('profiles are read, not run', () => {
  test('plain text and earlier names only', () => {
    expect(Object.fromEntries(assignments(profile))).toEqual({
      ...{ vm_profile: 'cloud-Debian-x86-12', iso_img: 'Debian-x86-12.5.raw', iso_img_dist: 'Debian-x86-12.5.raw.xz', fetch: '1' },
      register_iso_name: 'cbsd-cloud-Debian-x86-12.5.raw',
    })
  })
  const fetch = (file: string, files: Record<string, string> = {}) =>
    planCbsd({ kind: 'media.fetch', profile: 'linux/cloud-Debian-x86-12', cloud: true }, knownOf({ files: { [file]: profile, ...files } }))
  const whole = '/usr/jails/src/iso/cbsd-cloud-Debian-x86-12.5.raw'
  test.each(['/usr/jails/etc', '/usr/jails/etc/defaults'])('%s: the file decides, and a broken download goes', async (folder) => {
    const made = await fetch(`${folder}/vm-linux-cloud-Debian-x86-12.conf`)
    expect(made.expect).toEqual({ kind: 'file', path: whole, present: true })
    expect(made.steps[0]?.undo).toEqual([
      'rm',
      '-f',
      '--',
      whole,
      '/usr/jails/src/iso/Debian-x86-12.5.raw.xz',
      '/usr/jails/src/iso/Debian-x86-12.5.raw',
    ])
  })
  test('what is here is not fetched again', async () => {
    const again = fetch('/usr/jails/etc/vm-linux-cloud-Debian-x86-12.conf', { [whole]: '' })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
  })
})
