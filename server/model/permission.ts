/**
 * What a procedure or socket demands. `public` is for signing in and setting up only.
 * Roles come later; the declaration is there from the first procedure.
 */
export const permissions = [
  'public',
  'signed-in',
  'guest.read',
  'guest.power',
  'guest.change',
  'guest.console',
  'guest.watch',
  'guest.files',
  'guest.create',
  'guest.remove',
  'job.read',
  'job.cancel',
  'image.read',
  'image.change',
  'host.read',
  'host.change',
  'host.shell',
  'recording.read',
  'recording.change',
] as const
export type Permission = (typeof permissions)[number]
