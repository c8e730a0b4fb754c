import { readFileSync } from 'node:fs'

/** What a real virsh printed (libvirt 9.0, QEMU 7.2, Debian 12). For tests. */
export const transcript = (name: string): string => readFileSync(new URL(`transcripts/${name}`, import.meta.url), 'utf8')
