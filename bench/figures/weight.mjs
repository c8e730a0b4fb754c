import { signedIn } from '../browser.mjs'
import { markList } from '../in-page.mjs'

/** Scripts and styles that the browser asked for until the list stood, each as gzip of this server, in kB of 1,000 bytes. */
export async function weight(world) {
  const server = await world.scale(100)
  const context = await signedIn(world.browser, server)
  const page = await context.newPage()
  await page.addInitScript(markList, 100)
  const urls = new Set()
  page.on('request', (request) => {
    if (['script', 'stylesheet'].includes(request.resourceType())) urls.add(request.url())
  })
  await page.goto(`${server.base}/guests`)
  await page.evaluate(() => window.benchList)
  const asked = [...urls]
  await context.close()
  let sum = 0
  for (const url of asked) {
    const reply = await fetch(url, {
      headers: { 'accept-encoding': 'gzip', cookie: `bailiwick_session=${server.cookie}` },
    })
    if (reply.headers.get('content-encoding') !== 'gzip') throw new Error(`${url} came uncompressed`)
    // `fetch` unpacks what it is given; the length of what crossed the wire stands in the header.
    sum += Number(reply.headers.get('content-length'))
    await reply.arrayBuffer()
  }
  return { weight: { values: [sum / 1000], note: `${asked.length} files; a browser gets them as brotli where it may` } }
}
