import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, type Locator, type Page } from '@playwright/test'
import { type Sshd, startSshd } from '../hosts/sshd'
import { hostCommand, type Ran, tryHost } from './host'

const call = promisify(execFile)
const makeHost = fileURLToPath(new URL('../hosts/make-host.sh', import.meta.url))

/** A stand-in CBSD host. */
export type CbsdHost = {
  /** What it is called in Bailiwick. */
  name: string
  workdir: string
  /** The folder of its programs, to stand before all others in PATH. */
  bin: string
  /** `cbsd …` on the host itself, behind Bailiwick's back. Never throws. */
  cbsd(...args: string[]): Promise<Ran>
  /** Names of the jails that run there, by its own jls(8). */
  running(): Promise<string[]>
  remove(): Promise<void>
}

/** One behind a real ssh daemon whose login shell is tcsh. */
export type FarHost = CbsdHost & { sshd: Sshd }

/** The CD of this profile takes ten minutes to fetch. */
export const slowProfile = { id: 'Alpine-standart-3', title: /Alpine Linux: .* standard/ }

/** Makes one on this machine; its VMs boot the Tiny Linux of `store`, which must be there when they start. `options`: of make-host.sh. */
export async function newCbsdHost(store: string, ...options: string[]): Promise<CbsdHost> {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-cbsd-'))
  const workdir = join(folder, 'jails')
  const bin = join(workdir, 'bin')
  const tiny = join(store, 'images', 'tiny-linux-x86_64')
  const kernel = ['--kernel', join(tiny, 'vmlinuz'), '--initrd', join(tiny, 'initrd.gz')]
  await call('/bin/sh', [makeHost, workdir, ...kernel, '--slow', `${slowProfile.id}=600`, ...options])
  return {
    name: hostname(),
    workdir,
    bin,
    cbsd: (...args) => tryHost(['env', 'NOINTER=1', 'NOCOLOR=1', join(bin, 'cbsd'), ...args]),
    running: async () => (await hostCommand([join(bin, 'jls'), 'name'])).split('\n').filter(Boolean),
    async remove() {
      await call('/bin/sh', [makeHost, '--end', workdir])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Makes one that is reached over ssh. */
export async function newFarHost(store: string): Promise<FarHost> {
  const host = await newCbsdHost(store)
  const sshd = await startSshd({ path: `${host.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`, shell: '/bin/tcsh' })
  return {
    ...host,
    name: 'barn',
    sshd,
    async remove() {
      await sshd.stop()
      await host.remove()
    },
  }
}

/** The host's card on the hosts page. */
export const hostCard = (page: Page, host: CbsdHost): Locator => page.getByRole('region', { name: host.name, exact: true })

/** Adds the host over ssh as a person does: fill in, compare its key, test, save. */
export async function addHost(page: Page, host: FarHost): Promise<void> {
  const { sshd } = host
  await page.goto('/hosts')
  await page.getByRole('button', { name: 'Add a host' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a host' })
  await dialog.getByLabel('Address', { exact: true }).fill(sshd.address)
  await dialog.getByLabel('Port', { exact: true }).fill(String(sshd.port))
  await dialog.getByLabel('Name', { exact: true }).fill(host.name)
  await dialog.getByLabel('User', { exact: true }).fill(sshd.user)
  await dialog.getByLabel('Key', { exact: true }).selectOption('A key file')
  await dialog.getByLabel('Path of the private key').fill(sshd.keyFile)
  for (const other of ['libvirt', 'Incus']) await dialog.getByRole('checkbox', { name: other, exact: true }).uncheck()
  await dialog.getByRole('textbox', { name: 'CBSD working directory' }).fill(host.workdir)
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  // Nothing is sent to a host whose key nobody has compared.
  const key = dialog.getByRole('region', { name: 'Host key' })
  await expect(key).toContainText(await fingerprint(sshd))
  await key.getByRole('button', { name: 'They are the same' }).click()
  await expect(dialog.getByRole('button', { name: 'Add the host' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(dialog).toContainText('14.1.3a', { timeout: 30_000 })
  await dialog.getByRole('button', { name: 'Add the host' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(hostCard(page, host).getByText('up', { exact: true })).toBeVisible({ timeout: 30_000 })
}

/** What `ssh-keygen` on the host says of its key. */
async function fingerprint({ hostKey }: Sshd): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-key-'))
  try {
    const path = join(folder, 'key.pub')
    await hostCommand(['sh', '-c', 'printf "%s\\n" "$1" >"$2"', 'sh', hostKey, path])
    return (await hostCommand(['ssh-keygen', '-lf', path])).split(' ')[1] ?? '?'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The host in Bailiwick, added unless an earlier test has. */
export async function ensureHost(page: Page, host: FarHost): Promise<void> {
  await page.goto('/hosts')
  await expect(page.getByRole('region', { name: /./ }).first()).toBeVisible()
  if ((await hostCard(page, host).count()) === 0) await addHost(page, host)
}

/** Opens the page of a guest from the list. */
export async function openGuest(page: Page, name: string): Promise<void> {
  await page.goto('/guests')
  await page.getByRole('table', { name: 'Guests' }).getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

/** The create page with this host chosen. */
export async function openCreate(page: Page, host: CbsdHost, type: 'Jail' | 'VM'): Promise<Locator> {
  await page.goto('/guests/new')
  const form = page.getByRole('form', { name: 'Create' })
  const radio = form.getByRole('radio', { name: type, exact: true })
  await expect(radio).toBeEnabled({ timeout: 30_000 })
  await radio.press('Space')
  await form.getByLabel('Host and engine').selectOption({ label: `${host.name} · CBSD` })
  return form
}
