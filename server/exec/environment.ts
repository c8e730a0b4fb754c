import { homedir } from 'node:os'

/** Where host commands live; the sbin folders hold most tools of an administrator and are not in everybody's PATH. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The whole environment of a host command. Nothing of the server's own environment passes, secrets least of all. */
export function cleanEnvironment(...given: (Record<string, string> | undefined)[]): Record<string, string> {
  return Object.assign({ PATH: defaultPath, HOME: homedir(), LC_ALL: 'C.UTF-8' }, ...given)
}
