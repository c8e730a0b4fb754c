/** Words about recording in a console. */
export const recordMessages = {
  record: 'Record',
  stop: 'Stop recording',
  on: (input: boolean, by: string | undefined) => `Recording${input ? ' with input' : ''}${by ? ` · ${by}` : ''}`,
  start: 'Record this console from now on',
  off: 'Consoles of this guest are not recorded. Its Recordings page can change that.',
  always: 'Consoles of this guest are always recorded. Its Recordings page can change that.',
  failed: (why: string) => `Not recorded: ${why}`,
}
