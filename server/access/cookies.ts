export const sessionCookie = 'bailiwick_session'

/** The session token of a Cookie header, or null. Only the exact name counts; the first one wins. */
export function readSessionCookie(header: string | undefined): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === sessionCookie) {
      const value = part.slice(at + 1).trim()
      // Tokens are 32 bytes in base64url; whatever else came is no token of ours.
      return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null
    }
  }
  return null
}

/**
 * A Set-Cookie header that gives or (null) takes the session. Lax: a link from elsewhere still finds the user signed in,
 * a form or script from elsewhere does not. `secure` when people reach this server by https.
 */
export function writeSessionCookie(session: { token: string; expiresAt: number } | null, secure: boolean, now = Date.now()): string {
  const maxAge = session ? Math.max(0, Math.floor((session.expiresAt - now) / 1000)) : 0
  return `${sessionCookie}=${session?.token ?? ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure ? '; Secure' : ''}`
}
