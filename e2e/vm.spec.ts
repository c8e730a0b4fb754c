import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { act, createRunning, createTiny, expectState, fillCreate, guestPath, openTab } from './helpers/guests'
import { domainState, domains, virsh } from './helpers/host'
import { countLines, expectTerminal, typeInTerminal } from './helpers/terminal'

test.setTimeout(600_000)

const prompt = /tiny:\S*# *$/

/** The file of a VM's first disk, as libvirt says. */
const diskOf = (xml: string): string => /<source file=['"]([^'"]+)['"]/.exec(xml)?.[1] ?? ''

/** Sends the dialog that is open. */
const confirm = (page: Page, verb: string) => page.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click()

test('a VM from the form to its prompt; its commands are shown before and recorded after', async ({ page, tiny, guestName }) => {
  const name = guestName('vm')
  await fillCreate(page, { name, source: tiny.x86_64, memory: '192 MiB' })
  const commands = page.getByRole('complementary', { name: 'Commands that will run' })

  await test.step('the commands at the side are real, and follow what is typed', async () => {
    await expect(commands).toContainText('virsh -q -c qemu:///system define --file')
    await expect(commands).toContainText(`virsh -q -c qemu:///system start --domain ${name}`)
    await commands
      .getByText(/^write .*\.xml /)
      .first()
      .click()
    await expect(commands).toContainText(`<name>${name}</name>`)
    await page.getByRole('form', { name: 'Create' }).getByLabel('Name').fill(`${name}-b`)
    await expect(commands).toContainText(`virsh -q -c qemu:///system start --domain ${name}-b`)
    await page.getByRole('form', { name: 'Create' }).getByLabel('Name').fill(name)
    await expect(commands).not.toContainText(`${name}-b`)
    expect(await domains()).not.toContain(name)
  })

  await test.step('it is created, runs, and answers in its console', async () => {
    await page.getByRole('button', { name: 'Create and start' }).click()
    await expectState(page, name, 'running', 90_000)
    expect(await domainState(name)).toBe('running')
    await page.getByRole('link', { name: 'Console' }).first().click()
    await expectTerminal(page, prompt)
    await typeInTerminal(page, 'uname -m')
    await expect.poll(() => countLines(page, 'x86_64')).toBe(1)
  })

  await test.step('what ran is recorded with its exit codes', async () => {
    await openTab(page, 'Jobs')
    await page
      .getByRole('table', { name: 'Jobs' })
      .getByRole('link', { name: `Create ${name}` })
      .click()
    await expect(page.getByRole('main').getByRole('status').first()).toHaveText('done')
    const steps = page.getByRole('main').getByRole('listitem')
    await expect(steps.filter({ hasText: `virsh -q -c qemu:///system start --domain ${name}` })).toContainText(/exit 0 · /)
    await expect(steps.filter({ hasText: 'virsh -q -c qemu:///system define' })).toContainText(/exit 0 · /)
  })
})

test('a VM of another architecture is emulated, says so, and runs', async ({ page, tiny, guestName }) => {
  const name = guestName('arm')
  await page.goto('/guests/new')
  await expect(page.getByRole('radio', { name: tiny.aarch64 })).toHaveAccessibleName(/emulated, slow/)
  await createRunning(page, { name, source: tiny.aarch64 })
  expect(await virsh('dumpxml', name)).toMatch(/<type arch=['"]aarch64['"]/)
  await openTab(page, 'Console')
  await expectTerminal(page, prompt, 120_000)
  await typeInTerminal(page, 'uname -m')
  await expect.poll(() => countLines(page, 'aarch64')).toBe(1)
})

test('pause, resume, snapshot, change, restore', async ({ page, tiny, guestName }) => {
  const name = guestName('snap')
  await createRunning(page, { name, source: tiny.x86_64, disk: '64 MiB' })
  await page.goto(guestPath('libvirt', name, 'console'))
  await expectTerminal(page, prompt)
  await typeInTerminal(page, 'touch /tmp/kept; word=before')

  await test.step('pause and resume', async () => {
    await act(page, 'Pause')
    await expectState(page, name, 'paused')
    await expect(page.getByText(`${name} is paused`)).toBeVisible()
    expect(await domainState(name)).toBe('paused')
    await act(page, 'Resume')
    await expectState(page, name, 'running')
    expect(await domainState(name)).toBe('running')
  })

  await test.step('a snapshot is taken', async () => {
    await act(page, 'Snapshot')
    await page.getByRole('dialog').getByLabel('Name of the new snapshot').fill('clean')
    await expect(page.getByRole('dialog')).toContainText('snapshot-create-as')
    await confirm(page, 'Take a snapshot')
    // Who stands at the console stays there.
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page).toHaveURL(/\/console$/)
    await openTab(page, 'Snapshots')
    await expect(page.getByRole('button', { name: 'Restore clean' })).toBeVisible({ timeout: 60_000 })
    await expectState(page, name, 'running')
    expect((await virsh('snapshot-list', name, '--name')).trim()).toBe('clean')
  })

  await test.step('something is changed in the guest', async () => {
    await openTab(page, 'Console')
    // The pauses stand below the last prompt.
    await expectTerminal(page, /the VM runs again/)
    await typeInTerminal(page, '')
    await expectTerminal(page, prompt)
    await typeInTerminal(page, 'rm /tmp/kept; touch /tmp/new; word=after')
    await typeInTerminal(page, 'echo "is-$word" $(ls /tmp)')
    await expect.poll(() => countLines(page, 'is-after new')).toBe(1)
  })

  await test.step('the snapshot is restored, and the change is undone', async () => {
    await openTab(page, 'Snapshots')
    await page.getByRole('button', { name: 'Restore clean' }).click()
    await expect(page.getByRole('dialog')).toContainText('is lost')
    await confirm(page, 'Restore')
    await expectState(page, name, /restoring a snapshot/)
    await expectState(page, name, 'running')
    await openTab(page, 'Console')
    await expectTerminal(page, /put back to a snapshot/)
    await typeInTerminal(page, '')
    await expectTerminal(page, prompt)
    await typeInTerminal(page, 'echo "was-$word" $(ls /tmp)')
    await expect.poll(() => countLines(page, 'was-before kept'), { timeout: 30_000 }).toBe(1)
  })

  await test.step('the snapshot is removed', async () => {
    await openTab(page, 'Snapshots')
    await page.getByRole('button', { name: 'Remove clean' }).click()
    await confirm(page, 'Remove')
    await expect(page.getByText('No snapshots yet')).toBeVisible({ timeout: 60_000 })
    expect((await virsh('snapshot-list', name, '--name')).trim()).toBe('')
  })
})

test('CPUs, memory, new name, clone; stop, kill, remove with disks', async ({ page, tiny, guestName, store }) => {
  const first = guestName('old')
  const name = guestName('new')
  const copy = guestName('copy')
  let disk = ''
  await fillCreate(page, { name: first, source: tiny.x86_64, disk: '32 MiB' })
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expectState(page, first, 'stopped')

  await test.step('CPUs and memory', async () => {
    await openTab(page, 'Hardware')
    await page.getByLabel('CPUs').fill('2')
    await page.getByLabel('Memory').fill('224 MiB')
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect(page.getByRole('button', { name: 'Apply' })).toHaveAccessibleDescription('Nothing is changed yet', { timeout: 60_000 })
    await expect(page.getByLabel('Memory')).toHaveValue('224 MiB')
    const xml = await virsh('dumpxml', first)
    expect(xml).toMatch(/<vcpu[^>]*>2<\/vcpu>/)
    expect(xml).toMatch(/<memory unit=['"]KiB['"]>229376<\/memory>/)
  })

  await test.step('a new name', async () => {
    await act(page, 'Rename')
    await page.getByRole('dialog').getByLabel('New name').fill(name)
    await confirm(page, 'Rename')
    await expectState(page, name, 'stopped')
    const all = await domains()
    expect(all).toContain(name)
    expect(all).not.toContain(first)
  })

  await test.step('a clone of it, with a disk of its own', async () => {
    await act(page, 'Clone')
    await page.getByRole('dialog').getByLabel('New name').fill(copy)
    await confirm(page, 'Clone')
    await expectState(page, copy, 'stopped')
    disk = diskOf(await virsh('dumpxml', name))
    const ofCopy = diskOf(await virsh('dumpxml', copy))
    expect(ofCopy).toBe(join(store, 'guests', copy, 'disk.qcow2'))
    expect(ofCopy).not.toBe(disk)
    expect([disk, ofCopy].map((path) => existsSync(path))).toEqual([true, true])
  })

  await test.step('the clone starts, has two CPUs, and stops when asked', async () => {
    await act(page, 'Start')
    await expectState(page, copy, 'running')
    await openTab(page, 'Console')
    await expectTerminal(page, prompt)
    await typeInTerminal(page, 'echo "$(grep -c ^processor /proc/cpuinfo) CPUs"')
    await expect.poll(() => countLines(page, '2 CPUs')).toBe(1)
    await act(page, 'Stop')
    await expectState(page, copy, 'stopped', 90_000)
    expect(await domainState(copy)).toBe('shut off')
  })

  await test.step('killed, it is off at once', async () => {
    await act(page, 'Start')
    await expectState(page, copy, 'running')
    await act(page, 'Kill')
    await expect(page.getByRole('dialog')).toContainText('virsh -q -c qemu:///system destroy')
    await confirm(page, 'Kill')
    await expectState(page, copy, 'stopped')
    expect(await domainState(copy)).toBe('shut off')
  })

  await test.step('removed with its disks, nothing of it is left; the other one is whole', async () => {
    await act(page, 'Remove')
    const remove = page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true })
    await expect(remove).toHaveAccessibleDescription(`Type ${copy} to confirm`)
    await page.getByLabel(`Type ${copy} to confirm`).fill(copy)
    await remove.click()
    await expect(page).toHaveURL(/\/guests$/)
    await expect(page.getByRole('table', { name: 'Guests' }).getByRole('link', { name, exact: true })).toBeVisible()
    await expect(page.getByRole('main').getByRole('link', { name: copy, exact: true })).toHaveCount(0, { timeout: 60_000 })
    await expect.poll(domains).not.toContain(copy)
    await expect.poll(() => existsSync(join(store, 'guests', copy))).toBe(false)
    expect(existsSync(disk)).toBe(true)
  })

  await test.step('removed without its disks, they stay', async () => {
    await page.goto(guestPath('libvirt', name))
    await act(page, 'Remove')
    await page.getByLabel('Remove its disks as well').uncheck()
    await expect(page.getByRole('dialog')).toContainText('Its disks stay on the host.')
    await confirm(page, 'Remove')
    await expect.poll(domains).not.toContain(name)
    await expect(page.getByRole('main').getByRole('link', { name, exact: true })).toHaveCount(0, { timeout: 60_000 })
    expect(existsSync(disk)).toBe(true)
  })
})

test('a busy loop shows in the CPU figure and graph, and its end too', async ({ page, otherPage, tiny, guestName }) => {
  const name = guestName('busy')
  await createTiny(page, name, { source: tiny.x86_64 })
  await page.goto(guestPath('libvirt', name, 'console'))
  await expectTerminal(page, prompt)
  await otherPage.goto(guestPath('libvirt', name, 'graphs'))
  const graph = otherPage.getByRole('region', { name: 'CPU', exact: true })
  const percent = async (): Promise<number> => Number(/(\d+(?:\.\d+)?)%/.exec(await graph.innerText())?.[1] ?? Number.NaN)
  await expect.poll(percent, { timeout: 60_000 }).toBeLessThan(40)
  const calm = await graph.getByRole('img', { name: 'CPU' }).screenshot()

  await typeInTerminal(page, 'while :; do :; done &')
  await expect.poll(percent, { timeout: 60_000, message: 'the CPU figure rises' }).toBeGreaterThan(60)
  expect(await graph.getByRole('img', { name: 'CPU' }).screenshot()).not.toEqual(calm)

  await typeInTerminal(page, 'kill $!')
  await expect.poll(percent, { timeout: 60_000, message: 'the CPU figure falls' }).toBeLessThan(40)
})
