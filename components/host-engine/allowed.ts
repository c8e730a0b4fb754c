import type { Allowed, EngineInfo } from '@/server/model/capability'
import type { HostOperationKind } from '@/server/model/operation'

/** Whether an engine can do something to its host, else why not. */
export const allows = (info: EngineInfo, kind: HostOperationKind): Allowed => info.operations[kind] ?? true
