/** The words of consoles side by side. */
export const splitMessages = {
  title: 'Consoles side by side',
  home: 'Bailiwick',
  add: 'Add a console',
  addNone: 'Every running guest’s console is here.',
  full: 'Six consoles are the most.',
  remove: (name: string) => `Close the console of ${name}`,
  pane: (name: string) => `Console of ${name}`,
  tabs: 'Consoles',
  empty: 'No console is open here',
  emptyText: 'Add one above. The arrangement is kept in this browser and stands in the address.',
  gone: (name: string) => `${name} is not there: removed, renamed, or its host does not answer.`,
  all: 'Type into all',
  allOn: (hearing: number, count: number) =>
    hearing === count ? `What you type goes to all ${count} consoles` : `What you type goes to ${hearing} of ${count} consoles`,
  allOff: 'Stop',
}
