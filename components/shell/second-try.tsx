import { headers } from 'next/headers'

/**
 * Loads the page again when a part of it did not arrive, at once and then a few times more: it would stand there and do nothing.
 * A browser drops what it is fetching when its machine gets a network card, and a VM that starts on it brings one. This is in the
 * page itself. What failed before this ran is told by its status, 0; what is fetched later mends itself (`ui/lazily.tsx`).
 */
const code = `{
  const key = 'bailiwick.tries'
  let cut = false
  addEventListener('error', ({ target }) => { cut ||= target instanceof HTMLScriptElement }, true)
  addEventListener('load', () => {
    cut ||= performance.getEntriesByType('resource').some(({ name, responseStatus }) => responseStatus === 0 && name.includes('/_next/static/'))
    const tries = cut ? Number(sessionStorage.getItem(key)) + 1 : 0
    sessionStorage.setItem(key, tries)
    if (tries > 0 && tries <= 5) setTimeout(() => location.reload(), 1000 * (tries - 1))
  })
}`

export async function SecondTry() {
  const nonce = /'nonce-([^']+)'/.exec((await headers()).get('content-security-policy') ?? '')?.[1]
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {code}
    </script>
  )
}
