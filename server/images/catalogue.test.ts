import { expect, it } from 'vitest'
import { z } from 'zod'
import { arches } from '@/server/model/guest'
import { type CatalogueEntry, imageId, imageRequest } from '@/server/model/image-request'
import catalogue from './catalogue.json'
import { findChecksum } from './checksum'
import { urlFileName } from './names'

const entry = z.strictObject({
  id: imageId,
  title: z.string().min(1),
  os: z.string().min(1),
  arch: z.enum(arches),
  url: z.url({ protocol: /^https$/ }),
  checksumUrl: z.url({ protocol: /^https$/ }),
  cloudInit: z.boolean(),
}) satisfies z.ZodType<CatalogueEntry>

it('holds entries that can be asked for as they are', () => {
  const entries = z.array(entry).parse(catalogue)
  for (const { title, url, checksumUrl, arch, cloudInit } of entries)
    imageRequest.parse({ kind: 'download', host: 'local', title, url, checksum: checksumUrl, arch, cloudInit })
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
})

it('offers each system for both architectures', () => {
  const arch = (wanted: string) => catalogue.filter((e) => e.arch === wanted).map((e) => e.os)
  expect(arch('x86_64')).toEqual(arch('aarch64'))
  for (const os of ['Debian', 'Ubuntu', 'Alpine', 'Fedora', 'FreeBSD'])
    expect(arch('x86_64').some((name) => name.startsWith(os))).toBe(true)
})

it('takes image and checksum from one host, and the file name can be found in a list', () => {
  for (const { url, checksumUrl } of catalogue) {
    expect(new URL(url).host).toBe(new URL(checksumUrl).host)
    const name = urlFileName(url)
    expect(findChecksum(`SHA512 (${name}) = ${'a'.repeat(128)}\n`, name)).not.toBeNull()
  }
})
