import { cbsd } from './cbsd'
import { incus } from './incus'
import { libvirt } from './libvirt'
import type { Engine } from './types'

/** Every engine that Bailiwick knows, in the order in which pages show them. */
export const engines: readonly Engine[] = [libvirt, incus, cbsd]
