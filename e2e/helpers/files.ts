import { writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'

/** The files of the guest whose page is open. */
export const filesPanel = (page: Page): Locator => page.getByRole('region', { name: 'Files', exact: true })

/** What is told of an upload under way, or done. */
export const uploadOf = (page: Page, name: string): Locator =>
  filesPanel(page).getByRole('region', { name: 'Uploads' }).getByRole('listitem').filter({ hasText: name })

/** Chooses files of this machine, as its person would. `folder`: where they are made on the way. */
export async function chooseFiles(page: Page, folder: string, ...files: [name: string, content: string | Uint8Array][]): Promise<void> {
  const own = await mkdtemp(join(folder, 'own-'))
  for (const [name, content] of files) writeFileSync(join(own, name), content)
  // The folder has to be read first, which a slow agent takes its time for.
  await expect(filesPanel(page).getByRole('button', { name: 'Upload', exact: true })).toBeEnabled({ timeout: 120_000 })
  await filesPanel(page)
    .getByLabel('Choose files')
    .setInputFiles(files.map(([name]) => join(own, name)))
}

/** Goes to a folder of the guest. */
export async function openFolder(page: Page, path: string): Promise<void> {
  await filesPanel(page).getByLabel('Path of the folder').fill(path)
  await filesPanel(page).getByLabel('Path of the folder').press('Enter')
}

/** Fetches a file of the open folder to `path` on this machine. */
export async function downloadFile(page: Page, name: string, path: string): Promise<string> {
  const coming = page.waitForEvent('download')
  await filesPanel(page)
    .getByRole('button', { name: `Download ${name}` })
    .click()
  const download = await coming
  await download.saveAs(path)
  return download.suggestedFilename()
}
