/** Words of the shells of hosts. */
export const hostShellMessages = {
  open: 'Shell',
  title: (host: string) => `Shell of ${host}`,
  absent: 'There is no such host. It may have been removed.',
  runsAs: (user: string | null) => (user ? `Runs as ${user}` : 'Runs'),
  local: 'on this machine',
  ssh: (address: string) => `on ${address}, over ssh`,
  shared: 'Everybody who may open this shell shares this one. Each opening is written into the audit log.',
  toHost: (host: string) => `Back to ${host}`,
} as const
