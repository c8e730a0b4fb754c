import { WebLinksAddon } from '@xterm/addon-web-links'
import type { Terminal } from '@xterm/xterm'
import { plainText } from './plain-text'

/** What a guest wants of the browser that a person has to allow. */
export type Wish = { kind: 'clip'; text: string } | { kind: 'link'; href: string; text: string }

const titleLength = 80
const mostClip = 256 * 1024

/**
 * What a guest prints may ask the terminal for more than text. Here it is decided: the clipboard and links are a person's
 * to allow, a title is text and no more, and nothing that the guest chose is ever answered back into its shell.
 */
export function guard(terminal: Terminal, ports: { wish(wish: Wish): void; title(text: string): void; past(): boolean }): void {
  const link = (href: string, text: string) => {
    const address = webAddress(href)
    if (address) ports.wish({ kind: 'link', href: address, text: plainText(text, 200) })
  }
  terminal.options.linkHandler = { allowNonHttpProtocols: false, activate: (_, href) => link(href, '') }
  terminal.loadAddon(new WebLinksAddon((_, href) => link(href, href)))
  const { parser } = terminal
  parser.registerOscHandler(52, (data) => {
    const text = clipOf(data)
    // What it wanted in the past was long ago.
    if (text && !ports.past()) ports.wish({ kind: 'clip', text })
    return true
  })
  // The title is text of the guest's choice: it is shown, never reported, and its stack is not kept.
  terminal.onTitleChange((title) => ports.title(plainText(title, titleLength)))
  const refused = () => true
  parser.registerCsiHandler({ final: 't' }, refused)
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, refused)
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, refused)
}

/** A link that may be offered: http and https only, with the name of the host as it is looked up. */
export function webAddress(text: string): string | null {
  try {
    const url = new URL(text)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
  } catch {
    return null
  }
}

/** The text of an OSC 52 that sets a clipboard. Null when it asks for what is on it, clears it, or is none. */
export function clipOf(data: string): string | null {
  const payload = /^[cpqs0-7]*;([A-Za-z0-9+/=\s]+)$/.exec(data)?.[1]
  if (!payload || payload.length > mostClip) return null
  try {
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))
    return new TextDecoder().decode(bytes) || null
  } catch {
    return null
  }
}
