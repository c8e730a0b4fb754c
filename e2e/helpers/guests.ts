import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { incusProgram, tryHost } from './host'

/** The id that Bailiwick gives a guest of its own machine. */
const idOf = (engine: 'libvirt' | 'incus', name: string) => `local~${engine}~${name}`
export type Tab = '' | 'console' | 'files' | 'graphs' | 'hardware' | 'snapshots' | 'jobs' | 'config'

/** The address of a guest's page. */
export const guestPath = (engine: 'libvirt' | 'incus', name: string, tab: Tab = ''): string =>
  `/guests/${encodeURIComponent(idOf(engine, name))}${tab && `/${tab}`}`

/** What the head of a guest's page says of its state. */
export const stateOf = (page: Page, name: string): Locator =>
  page
    .getByRole('main')
    .filter({ has: page.getByRole('heading', { level: 1, name }) })
    .getByRole('status')
    .first()

/** Waits until the open page of a guest says this state. */
export const expectState = (page: Page, name: string, state: string | RegExp, timeout = 120_000): Promise<void> =>
  expect(stateOf(page, name)).toHaveText(state, { timeout })

/** Starts something from the head of a guest's page: by its button, or from the menu when there is none. */
export async function act(page: Page, verb: string): Promise<void> {
  const button = page.getByRole('main').getByRole('button', { name: verb, exact: true }).first()
  const more = page.getByRole('button', { name: 'More actions' })
  await expect(button.or(more).first()).toBeVisible()
  if (await button.isVisible()) return button.click()
  await more.click()
  await page.getByRole('menu').getByRole('menuitem', { name: verb, exact: true }).click()
}

/** The tab of the guest's page that is open. */
export const openTab = (page: Page, tab: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Views of this guest' }).getByRole('link', { name: tab, exact: true }).click()

export type Wanted = { name: string; source: string | RegExp; type?: 'VM' | 'Container'; memory?: string; cpus?: string; disk?: string }

/** Fills in the create page. Radio buttons are chosen by keyboard, as they look like cards. */
export async function fillCreate(page: Page, { name, source, type = 'VM', memory, cpus, disk }: Wanted): Promise<void> {
  await page.goto('/guests/new')
  const form = page.getByRole('form', { name: 'Create' })
  await choose(form.getByRole('radio', { name: type, exact: true }))
  await choose(form.getByRole('radio', { name: source }))
  await form.getByLabel('Name').fill(name)
  if (cpus) await form.getByRole('textbox', { name: 'CPUs' }).fill(cpus)
  if (memory) await form.getByRole('textbox', { name: 'Memory' }).fill(memory)
  if (disk) await form.getByRole('textbox', { name: 'Disk' }).fill(disk)
}

/** Checks a radio button that lies under its card. */
export async function choose(radio: Locator): Promise<void> {
  await radio.focus()
  await radio.press('Space')
  await expect(radio).toBeChecked()
}

/** Creates a guest through the form and waits on its page until it runs. */
export async function createRunning(page: Page, wanted: Wanted): Promise<void> {
  await fillCreate(page, wanted)
  await page.getByRole('button', { name: 'Create and start' }).click()
  await expectState(page, wanted.name, 'running', 90_000)
}

/** A VM that starts the host's own Tiny Linux. */
export const createTiny = (page: Page, name: string, more: Partial<Wanted> = {}): Promise<void> =>
  createRunning(page, { name, source: /Tiny Linux.*x86_64/, ...more })

/** Removes a guest behind Bailiwick's back, whatever it is and in whatever state, with what lies in the store. */
export async function removeGuest(name: string, store: string): Promise<void> {
  const on = ['virsh', '-c', 'qemu:///system'] as const
  await tryHost([...on, 'destroy', name])
  await tryHost([...on, 'undefine', name, '--managed-save', '--snapshots-metadata', '--nvram'])
  await tryHost([await incusProgram(), 'delete', '--force', name])
  rmSync(join(store, 'guests', name), { recursive: true, force: true })
}
