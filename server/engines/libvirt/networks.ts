import type { NetworkChoice } from '@/server/model/catalog'

/** Out of `virsh -q net-list --all`: name, state, autostart, persistent. A name may hold single blanks, never two. */
export function parseNetworks(text: string | null): NetworkChoice[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const match = /^ ?(.+?)\s{2,}(active|inactive)\s{2,}(?:yes|no)\s{2,}(?:yes|no)/.exec(line)
    const [, name, state] = match ?? []
    return name ? [{ name, title: name, isDefault: name === 'default', active: state === 'active' }] : []
  })
}
