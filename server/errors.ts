/** Codes that cross the edge; `trpc.ts` maps them to tRPC's once. */
export type ErrorCode =
  | 'invalid'
  | 'refused'
  | 'conflict'
  | 'not-found'
  | 'unauthenticated'
  | 'forbidden'
  | 'too-many'
  | 'unavailable'
  | 'failed'

/**
 * An error with a cause in words a person can act on. `field` names the input at fault, where there is one; `faults`, when there
 * are several, each of them with its own words.
 */
export class AppError extends Error {
  readonly faults: { field: string; message: string }[]
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly field?: string,
    options?: ErrorOptions & { faults?: { field: string; message: string }[] },
  ) {
    super(message, options)
    this.name = 'AppError'
    this.faults = options?.faults ?? []
  }
}
