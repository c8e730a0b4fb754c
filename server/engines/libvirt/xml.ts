/** A piece of XML that is already text. */
export type Xml = { readonly xml: string }
type Attributes = Record<string, string | number | undefined>
type Child = Xml | string | number | null | undefined | false | Child[]

const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Text made safe for an element or an attribute. Characters that XML 1.0 cannot hold at all are dropped. */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids exactly these
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"'\t\n\r]/g, (c) => named[c] ?? `&#${c.charCodeAt(0)};`)
  )
}

const children = (items: Child[]): string =>
  items
    .map((item) => {
      if (item === null || item === undefined || item === false) return ''
      if (Array.isArray(item)) return children(item)
      return typeof item === 'object' ? item.xml : escapeXml(String(item))
    })
    .join('')

/** One element. Attributes that are undefined are left out; text children are escaped; nothing else gets in. */
export function el(name: string, attributes: Attributes = {}, ...content: Child[]): Xml {
  const written = Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('')
  const inner = children(content)
  return { xml: inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>` }
}

/** The text for virsh, one element of the second and third level a line so that a person can read it in a plan. */
export function document(root: Xml): string {
  let depth = 0
  const lines: string[] = []
  for (const token of root.xml.match(/<[^>]+>[^<]*/g) ?? []) {
    const closing = token.startsWith('</')
    if (closing) depth--
    const last = lines.length - 1
    const opened = /^<([^\s/>]+)/.exec(lines[last]?.trimStart() ?? '')?.[1]
    if (closing && opened === /^<\/([^>]+)>/.exec(token)?.[1] && !lines[last]?.includes('</') && !lines[last]?.endsWith('/>'))
      lines[last] += token
    else lines.push('  '.repeat(Math.max(depth, 0)) + token)
    if (!closing && !/\/>/.test(token)) depth++
  }
  return `${lines.join('\n')}\n`
}
