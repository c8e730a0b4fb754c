import { QueryClient } from '@tanstack/react-query'
import { createTRPCClient, createWSClient, httpLink, splitLink, TRPCClientError, wsLink } from '@trpc/client'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import type { AppRouter } from '@/server/router'

export type Connection = 'connecting' | 'open' | 'lost'

const connectionListeners = new Set<(state: Connection) => void>()
let connection: Connection = 'connecting'
/** The state of the one WebSocket that carries subscriptions. */
export const getConnection = (): Connection => connection
export function onConnection(listener: (state: Connection) => void): () => void {
  connectionListeners.add(listener)
  return () => connectionListeners.delete(listener)
}
function setConnection(next: Connection): void {
  if (next === connection) return
  connection = next
  for (const listener of connectionListeners) listener(next)
}

/** Previews carry whole specs, passwords among them: they go by the socket so that they never stand in an address. */
const bySocket = new Set(['guest.plan', 'image.plan'])

function makeLinks() {
  // Unbatched: the picture's address is then the very one that the page preloads.
  const http = httpLink({ url: '/api/trpc' })
  if (typeof window === 'undefined') return [http]
  const socket = createWSClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/trpc`,
    lazy: { enabled: true, closeMs: 10_000 },
    retryDelayMs: (attempt) => Math.min(250 * 2 ** attempt, 5000),
    keepAlive: { enabled: true, intervalMs: 20_000, pongTimeoutMs: 5000 },
    onOpen: () => setConnection('open'),
    onClose: () => setConnection('lost'),
  })
  return [
    splitLink({
      condition: (op) => op.type === 'subscription' || bySocket.has(op.path),
      true: wsLink({ client: socket }),
      false: http,
    }),
  ]
}

export const client = createTRPCClient<AppRouter>({ links: makeLinks() })
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 5000, refetchOnWindowFocus: false, refetchOnReconnect: true } },
})
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient })

type ErrorData = { field?: string | null; fields?: { field: string; message: string }[]; code?: string }

function dataOf(error: unknown): ErrorData {
  const data = error instanceof TRPCClientError ? error.data : null
  return data && typeof data === 'object' ? (data as ErrorData) : {}
}

/** True when the session has ended. */
export const isSignedOut = (error: unknown): boolean => dataOf(error).code === 'UNAUTHORIZED'
export const isForbidden = (error: unknown): boolean => dataOf(error).code === 'FORBIDDEN'
export const isNotFound = (error: unknown): boolean => dataOf(error).code === 'NOT_FOUND'

/** The words of an error: the server's own, or what the browser said about the way to it. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What the server said about each input: by the last part of its path (`operation.spec.name` is `name`). */
export function fieldErrors(error: unknown): Record<string, string> {
  const { field, fields } = dataOf(error)
  const found: Record<string, string> = {}
  const key = (path: string) => path.replace(/^(operation\.)?(spec\.)?/, '')
  for (const each of fields ?? []) found[key(each.field)] ??= each.message
  if (field && !fields?.length && error instanceof Error) found[key(field)] = error.message
  return found
}
