import { describe, expect, test } from 'vitest'
import { type Given, knownOf } from './fixture-known'
import { planCbsd } from './plan'
import { withLines, withoutLines } from './plan-hook'

const inventory = '/usr/jails/nc.inventory'
const config = '/usr/jails/etc/cbsd_queue.conf'
const install = (given: Given) => planCbsd({ kind: 'hook.install' }, knownOf(given))
const remove = (given: Given) => planCbsd({ kind: 'hook.remove' }, knownOf(given))
const written = async (made: ReturnType<typeof install>) =>
  Object.fromEntries(
    (await made).steps.flatMap((step) => ('argv' in step && step.argv.includes('tee') ? [[step.argv.at(-1), step.stdin]] : [])),
  )

describe('our lines in a file of somebody else', () => {
  test.each(['', 'a="1"\n', 'a="1"', '\n\n', 'a="1"\n\n'])('%j comes back to the byte', (text) => {
    const ours = withLines(text, ['x="y"'])
    expect(ours).toContain('\nx="y"\n')
    expect(withoutLines(ours)).toBe(text)
  })
  test('what is added behind them stays', () => {
    expect(withoutLines(`${withLines('a\n', ['x'])}b\n`)).toBe('a\nb\n')
    expect(withoutLines(`${withLines('a', ['x'])}b\n`)).toBe('a\nb\n')
  })
  test('a file without them, or with half of them', () => {
    expect(withoutLines('a\n')).toBeNull()
    expect(withoutLines('# Bailiwick: from here\nx\n')).toBeNull()
  })
})

describe('installing', () => {
  test('switches it on, names the script, and keeps what is there', async () => {
    const files = { [inventory]: 'nodename="n"\nmod_cbsd_queue_enabled="NO"\n' }
    const content = await written(install({ files }))
    expect(content[inventory]).toMatch(/^nodename="n"\nmod_cbsd_queue_enabled="NO"\n# .*\nmod_cbsd_queue_enabled="YES"\n# .*\n$/)
    expect(content[config]).toContain('cbsd_queue_backend="/usr/jails/etc/bailiwick-queue.sh"\ncbsd_jail_queue_name="bailiwick"\n')
    expect(content['/usr/jails/etc/bailiwick-queue.sh']).toMatch(/^#!\/bin\/sh\n/)
    expect((await install({ files })).expect).toEqual({ kind: 'host', list: 'hook', key: 'on', present: true })
  })
  test('a step that fails puts the file back as it was', async () => {
    const { steps } = await install({ files: { [inventory]: 'a\n', [config]: 'b\n' }, become: 'sudo' })
    const kept = steps.filter((step) => 'argv' in step && step.argv.includes('cp'))
    expect(kept.map((step) => step.undo)).toEqual([
      ['sudo', '-n', 'mv', '-f', '--', `${config}.before-bailiwick`, config],
      ['sudo', '-n', 'mv', '-f', '--', `${inventory}.before-bailiwick`, inventory],
    ])
    expect(steps.at(-1)).toMatchObject({
      argv: ['sudo', '-n', 'rm', '-f', '--', `${inventory}.before-bailiwick`, `${config}.before-bailiwick`],
    })
  })
  test('an inventory that has it switched on is not touched', async () => {
    const content = await written(install({ files: { [inventory]: 'mod_cbsd_queue_enabled="YES"\n' } }))
    expect(Object.keys(content)).not.toContain(inventory)
  })
  test('another program stays', async () => {
    const given: Given = { files: { [inventory]: 'a\n' }, host: { hook: 'foreign' } }
    await expect(install(given)).rejects.toMatchObject({ code: 'refused' })
  })
})

describe('removing', () => {
  test('takes out our lines, and files that held nothing else', async () => {
    const files = {
      [inventory]: withLines('a="1"\n', ['mod_cbsd_queue_enabled="YES"']),
      [config]: withLines('', ['cbsd_queue_backend="x"']),
    }
    expect(await written(remove({ files }))).toEqual({ [inventory]: 'a="1"\n' })
    const lines = (await remove({ files })).steps.map((step) => ('argv' in step ? step.argv.join(' ') : ''))
    expect(lines).toContain(`rm -f -- ${config}`)
    expect(lines.at(-1)).toContain('/usr/jails/etc/bailiwick-queue.sh /usr/jails/var/db/bailiwick-events.log')
  })
  test('nothing of ours there', async () => {
    await expect(remove({ files: { [inventory]: 'a\n' } })).rejects.toMatchObject({ code: 'not-found' })
  })
})
