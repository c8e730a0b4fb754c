import { initTRPC, TRPCError } from '@trpc/server'
import { ZodError, z } from 'zod'
import { AppError, type ErrorCode } from './errors'
import type { Permission } from './model/permission'
import type { Services, SessionInfo } from './services'

export type Context = {
  services: Services
  session: SessionInfo | null
  /** The client's address, for throttling and audit. */
  from: string
  /** Sets the session cookie of the reply, or clears it. Absent on the WebSocket. */
  setSession?: (session: SessionInfo | null) => void
}

export type Meta = { permission: Permission }

const codes = {
  invalid: 'BAD_REQUEST',
  refused: 'PRECONDITION_FAILED',
  conflict: 'CONFLICT',
  'not-found': 'NOT_FOUND',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  'too-many': 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  failed: 'INTERNAL_SERVER_ERROR',
} satisfies Record<ErrorCode, TRPCError['code']>

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    errorFormatter({ shape, error }) {
      const { stack: _, ...data } = shape.data as typeof shape.data & { stack?: string }
      const cause = error.cause
      if (cause instanceof ZodError) {
        const first = cause.issues[0]
        const field = first?.path.join('.') || 'input'
        // People know the field by its own name, programs by where it stands.
        const label = first?.path.at(-1)?.toString() ?? field
        return {
          ...shape,
          message: `${label}: ${first?.message ?? 'not valid'}`,
          data: { ...data, field, fields: cause.issues.map((i) => ({ field: i.path.join('.'), message: i.message })) },
        }
      }
      if (cause instanceof AppError)
        return { ...shape, message: cause.message, data: { ...data, field: cause.field ?? null, fields: cause.faults } }
      return { ...shape, data: { ...data, field: null, fields: [] } }
    },
  })

export const router = t.router
export const createCallerFactory = t.createCallerFactory

const mapErrors = t.middleware(async ({ next }) => {
  const result = await next()
  if (!result.ok && result.error.cause instanceof AppError) {
    const cause = result.error.cause
    throw new TRPCError({ code: codes[cause.code], message: cause.message, cause })
  }
  return result
})

/** The parts of an input that say what it was about. Nothing else of it is kept: it may hold passwords. */
const about = z
  .object({
    id: z.string().optional(),
    name: z.string().optional(),
    host: z.string().optional(),
    fileName: z.string().optional(),
    address: z.string().optional(),
    settings: z.object({ name: z.string() }).optional(),
    kind: z.string().optional(),
    operation: z.object({ kind: z.string(), name: z.string().optional(), spec: z.object({ name: z.string() }).optional() }).optional(),
  })
  .catch({})

function auditTarget(input: unknown): string {
  const { operation, id, name, host, fileName, address, settings, kind } = about.parse(input)
  const words = operation
    ? [operation.kind, operation.spec?.name ?? operation.name, host]
    : [kind, id ?? name ?? fileName ?? address, settings?.name, host]
  return words
    .filter((word) => word !== undefined)
    .join(' ')
    .slice(0, 500)
}

/** Every change that somebody signed in asks for is written down, with its outcome. */
const audited = t.middleware(async ({ ctx, type, path, getRawInput, next }) => {
  const result = await next()
  if (type === 'mutation' && ctx.session) {
    await ctx.services.access.audit({
      user: ctx.session.user.id,
      action: path,
      target: auditTarget(await getRawInput().catch(() => undefined)),
      detail: result.ok ? undefined : result.error.message,
      ok: result.ok,
      from: ctx.from,
    })
  }
  return result
})

/** A procedure open to everybody: signing in and setting up only. */
export const openProcedure = t.procedure.meta({ permission: 'public' }).use(mapErrors)

/** A procedure for signed-in people who hold `permission`. */
export const procedure = (permission: Permission) =>
  t.procedure
    .meta({ permission })
    .use(audited)
    .use(mapErrors)
    .use(({ ctx, next }) => {
      const session = ctx.session
      if (!session) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first' })
      if (!ctx.services.access.allows(session.user, permission, '*'))
        throw new TRPCError({ code: 'FORBIDDEN', message: `This needs the right ${permission}` })
      return next({ ctx: { ...ctx, session, user: session.user } })
    })
