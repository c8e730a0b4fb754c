import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The clone. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
/** Stamps and logs of the scripts; the server's data is beside them unless BAILIWICK_DATA says otherwise. */
export const ownDir = join(root, '.bailiwick')
export const logDir = join(ownDir, 'logs')
export const inClone = (...parts) => join(root, ...parts)
