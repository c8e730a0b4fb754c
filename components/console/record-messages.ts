/** Words about recording in a console. */
export const recordMessages = {
  record: 'Record',
  stop: 'Stop recording',
  /** As long with one as with the other: it stands among the tools of a console. */
  on: (input: boolean, by: string | undefined) => (input ? 'Recording with input' : `Recording${by ? ` · ${by}` : ''}`),
  by: (name: string) => `Begun by ${name}`,
  start: 'Record this console from now on',
  off: 'Consoles of this guest are not recorded. Its Recordings page can change that.',
  always: 'Consoles of this guest are always recorded. Its Recordings page can change that.',
  failed: (why: string) => `Not recorded: ${why}`,
}
