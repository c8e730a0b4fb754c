import type { IncomingMessage } from 'node:http'
import { firstTextHeader } from './model/console'
import { decoded } from './model/decoded'
import { consoleShown, parseGuestId } from './model/guest'
import { standsAlone } from './model/stands-alone'
import { Lines } from './recordings/lines'
import type { Services, User } from './services'
import { consoleMode } from './watch/mode'

/** The page of a console, within the pages of its guest or in a window of its own. */
const consolePage = /^\/(?:guests\/([^/]+)\/console|console\/([^/]+))$/
/** What BusyBox and others ask a terminal before each line: where its cursor is, and what it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control sequences themselves
const questions = /\x1b\[[?>]?[\d;]*[cn]/g
/** Longer text takes its time to be drawn; the terminal brings the rest. Characters. */
const most = 16 * 1024

/**
 * Gives a console's page, in a header of its request, the last lines of that console: it shows them before its scripts run. None
 * where a program draws on the whole screen, which only a terminal understands, and none for what Next fetches on the way from
 * page to page, which the browser may keep. What came in that header from outside is dropped.
 */
export function giveFirstText(req: IncomingMessage, { access, consoles, inventory }: Services, user: User | undefined): void {
  delete req.headers[firstTextHeader]
  const url = new URL(req.url ?? '/', 'http://localhost')
  const [, within, alone] = consolePage.exec(url.pathname) ?? []
  const id = decoded(within ?? alone ?? '')
  const ref = parseGuestId(id)
  const guest = inventory.guest(id)
  if (!user || !ref || !guest || req.headers.rsc || url.searchParams.has('_rsc') || !consoleMode(access, user, id)) return
  const kind = consoleShown(guest, url.searchParams.get('kind'))
  const last = kind && kind !== 'vnc' ? consoles.lastLines(ref, kind) : null
  const text = last?.text.replace(questions, '')
  if (!last || !text || !standsAlone(text)) return
  const lines: string[] = []
  const reader = new Lines(last.cols, (_at, line) => lines.push(line))
  reader.write(text, 0)
  reader.end()
  req.headers[firstTextHeader] = Buffer.from(lines.join('\n').slice(-most)).toString('base64')
}
