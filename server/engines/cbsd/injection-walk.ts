import { z } from 'zod'
import { operation } from '@/server/model/operation'
import { recordKeys } from './injection-samples'

/** Where a value stands in an operation. `key` at the end of a record: its name itself is spoiled. */
export type Path = readonly (string | number)[]

/** As much of a JSON schema as zod writes for operations. */
const schema: z.ZodType<Node> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    const: z.unknown().optional(),
    properties: z.record(z.string(), schema).optional(),
    additionalProperties: z.union([schema, z.boolean()]).optional(),
    items: schema.optional(),
    oneOf: z.array(schema).optional(),
    anyOf: z.array(schema).optional(),
  }),
)
type Node = {
  type?: string
  const?: unknown
  properties?: Record<string, Node>
  additionalProperties?: Node | boolean
  items?: Node
  oneOf?: Node[]
  anyOf?: Node[]
}

function pathsOf(node: Node, at: Path): Path[] {
  if (node.const !== undefined || node.type === 'null') return []
  const choices = node.oneOf ?? node.anyOf
  if (choices) return choices.flatMap((each) => pathsOf(each, at))
  if (node.properties) return Object.entries(node.properties).flatMap(([key, each]) => pathsOf(each, [...at, key]))
  if (node.items) return [...pathsOf(node.items, [...at, 0]), ...pathsOf(node.items, [...at, 1])]
  if (typeof node.additionalProperties === 'object') {
    const record = node.additionalProperties
    const keys = recordKeys[String(at.at(-1))] ?? []
    return [...keys.flatMap((key) => pathsOf(record, [...at, key])), [...at, '*']]
  }
  return [at]
}

const constant = (node: Node | undefined, key: string) => node?.properties?.[key]?.const

/** Every field of every operation, by its kind: read from the schema, so that none can be forgotten. */
export function fieldsOfOperations(): { kind: string; type?: string; path: Path }[] {
  const whole = schema.parse(z.toJSONSchema(operation, { io: 'input', unrepresentable: 'any' }))
  return (whole.oneOf ?? whole.anyOf ?? []).flatMap((each) => {
    const kind = String(constant(each, 'kind'))
    const spec = each.properties?.spec
    const variants = spec?.oneOf ?? spec?.anyOf
    if (!variants) return pathsOf(each, []).map((path) => ({ kind, path }))
    return variants.flatMap((variant) => {
      const type = String(constant(variant, 'type'))
      return pathsOf(variant, ['spec']).map((path) => ({ kind, type, path }))
    })
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A copy of `value` with something else at `path`; what is missing on the way is made. */
export function spoiled(value: unknown, path: Path, evil: string): unknown {
  const [key, ...rest] = path
  if (key === undefined) return evil
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? [...value] : []
    list[key] = spoiled(list[key], rest, evil)
    return list
  }
  const record = isRecord(value) ? value : {}
  // The name of an entry, in place of its value.
  if (key === '*') return { ...record, [evil]: '1' }
  return { ...record, [key]: spoiled(record[key], rest, evil) }
}

/** What stands at `path`. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (isRecord(at) ? at[key] : Array.isArray(at) && typeof key === 'number' ? at[key] : undefined),
    value,
  )
}

/** Where text stands in what a host says. */
export function textsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value === 'string') return [at]
  if (Array.isArray(value)) return value.flatMap((each, index) => textsIn(each, [...at, index]))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, [...at, key]))
}
