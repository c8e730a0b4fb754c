import { expect, type Page } from '@playwright/test'

/** Waits on the images page until an image is there; building one may take minutes on a busy machine. */
export async function waitForImage(page: Page, id: string, timeout = 600_000): Promise<void> {
  await page.goto('/images')
  await expect(page.getByRole('table', { name: 'Images' }).getByRole('row').filter({ hasText: id })).toBeVisible({ timeout })
}

/** Tiny Linux, which a first start makes by itself. */
export const waitForTiny = (page: Page, arch: 'x86_64' | 'aarch64' | 'riscv64' = 'x86_64'): Promise<void> =>
  waitForImage(page, `tiny-linux-${arch}`)
