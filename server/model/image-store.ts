import type { Arch } from './guest'
import type { Host } from './host'
import type { ImageKind } from './image'

/** QEMU on the very machine that the host's commands run on: the disks that its VMs are made of lie there too. */
const ownQemu = /^qemu(\+unix)?:\/\/\//

/**
 * Whether guests of this host are made from images of its kind in its store. The store belongs to a machine: two hosts that are two
 * addresses of one machine share it. Another driver (`test:///`) or another machine behind the address (`qemu+ssh://`) makes
 * nothing from it, and neither does an engine that is switched off.
 */
export const usesImages = (host: Pick<Host, 'libvirtUri' | 'incusDir'>, kind: ImageKind): boolean =>
  kind === 'container' ? host.incusDir !== '' : ownQemu.test(host.libvirtUri)

/** Whether it uses any. */
export const hasStore = (host: Pick<Host, 'libvirtUri' | 'incusDir'>): boolean => usesImages(host, 'disk') || usesImages(host, 'container')

const recipes = { tiny: 'Tiny Linux', 'debian-disk': 'Debian as a disk', 'debian-container': 'Debian as a container image' } as const

/** The title of the job that builds an image: by it a page knows that one is under way. */
export const buildTitle = (recipe: keyof typeof recipes, arch: Arch): string => `Build ${recipes[recipe]} (${arch})`

/** The step of an import that fails when the file is not what its checksum says. */
export const checksumTitle = 'Compare the checksum'
