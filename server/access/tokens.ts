import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, safe in a cookie and an address. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What the database keeps of a token. A plain hash is enough: 256 random bits cannot be guessed from it. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
