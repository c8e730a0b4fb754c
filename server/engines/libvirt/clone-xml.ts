import { kernelName } from './domain-xml'
import { escapeXml } from './xml'

export type CloneNames = {
  name: string
  uuid: string
  folder: string
  /** Old path of a disk to new. */
  paths: Map<string, string>
  newMac: () => string
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
export const unescapeXml = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal))
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    return entities[String(name).toLowerCase()] ?? whole
  })

const namedKernel = /(<cmdline>[^<]*)\bbailiwick\.name=[^\s<]*/
/** Whether its kernel is told a host name: then each clone gets its own. */
export const hasKernelName = (xml: string): boolean => namedKernel.test(xml)

/** A definition whose kernel is told another host name, where it is told one at all. */
export const withKernelName = (xml: string, name: string): string =>
  xml.replace(namedKernel, (_, before: string) => `${before}${kernelName(name)}`)

/**
 * The definition of a clone out of `virsh dumpxml --inactive`: a new name, UUID, addresses and paths; all else stays as libvirt
 * wrote it. libvirt always writes the same form (single quotes, name and uuid first), so it is edited as text: a parse and a
 * rebuild could lose what a parser does not know.
 */
export function cloneXml(xml: string, to: CloneNames): string {
  const attribute = (value: string) => `'${escapeXml(value)}'`
  return withKernelName(xml, to.name)
    .replace(/<name>[^<]*<\/name>/, () => `<name>${escapeXml(to.name)}</name>`)
    .replace(/<uuid>[^<]*<\/uuid>/, () => `<uuid>${to.uuid}</uuid>`)
    .replace(/<entry name='uuid'>[^<]*</, () => `<entry name='uuid'>${to.uuid}<`)
    .replace(/<genid>[^<]*<\/genid>/, '<genid/>')
    .replace(/<mac address='[^']*'\/>/g, () => `<mac address='${to.newMac()}'/>`)
    .replace(/<(source|log) file='([^']*)'/g, (whole, element: string, path: string) => {
      const next = to.paths.get(unescapeXml(path)) ?? (element === 'log' ? `${to.folder}/serial.log` : undefined)
      return next === undefined ? whole : `<${element} file=${attribute(next)}`
    })
    .replace(/(<nvram[^>]*>)[^<]*</, (_, open: string) => `${open}${escapeXml(`${to.folder}/nvram.fd`)}<`)
    .replace(/<bailiwick:folder>[^<]*</, () => `<bailiwick:folder>${escapeXml(to.folder)}<`)
}
