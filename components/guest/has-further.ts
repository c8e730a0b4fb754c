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
 * refused. One that refuses them for the same reason as starting a guest lacks the right to, and may have them all the same.
 */
export const hasFurther = (info: EngineInfo | undefined): boolean =>
  info !== undefined && further.some((kind) => typeof info.operations[kind] !== 'string' || info.operations[kind] === info.operations.start)
