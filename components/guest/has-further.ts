import type { EngineInfo } from '@/server/model/capability'
import type { OperationKind } from '@/server/model/operation'

const further: readonly OperationKind[] = [
  'export',
  'disk.add',
  'share.add',
  'forward.add',
  'limits',
  'checkpoint.create',
  'media.attach',
  'migrate',
]

/**
 * Whether an engine has more than what all engines have: only then are those parts shown, each with its own reason where
 * refused. One that refuses even to start a guest has no right to change anything: it may have them all the same.
 */
export const hasFurther = (info: EngineInfo | undefined): boolean =>
  info !== undefined && (typeof info.operations.start === 'string' || further.some((kind) => typeof info.operations[kind] !== 'string'))
