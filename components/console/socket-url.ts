/** The address of a console socket on the server this page came from. */
export function socketUrl(path: '/ws/console' | '/ws/vnc' | '/ws/watch', query: Record<string, string> | string): string {
  const url = new URL(path, location.href)
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  url.search = new URLSearchParams(query).toString()
  return url.href
}
