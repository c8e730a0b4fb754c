/**
 * Words of the pages that show when something is wrong. They stand apart because every page loads those beside itself:
 * with the whole catalogue in them each page would load it four times.
 */
export const faultMessages = {
  tryAgain: 'Try again',
  notFound: {
    title: 'There is nothing here',
    text: (path: string) => `No page has the address ${path}.`,
    back: 'Go to the overview',
  },
  crash: {
    title: 'This page could not be drawn',
    what: 'The browser reported:',
    next: 'The guests and their jobs are not affected. Try again, or reload the page.',
    reload: 'Reload the page',
  },
}
