/** An image id from a title: what of it fits `imageId`, never ending in ".part", which is the build folder's. */
export function slug(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/\.+(?=\.)/g, '')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 80)
    .replace(/[^a-z0-9]+$/, '')
  return plain === '' ? 'image' : plain.replace(/\.part$/, '-part')
}

/** The last part of an address's path, as a checksum file would name it. */
export function urlFileName(url: string): string {
  const { pathname } = new URL(url)
  const last = pathname.slice(pathname.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
