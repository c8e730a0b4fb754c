import { useState } from 'react'
import { writeClipboard } from '@/components/clipboard'
import type { ConsoleView } from './connection'
import { toggleFullScreen } from './full-screen'
import { LooksDialog } from './looks-dialog'
import { Menu, type MenuEntry } from './menu'
import { consoleMessages as m } from './messages'
import { fontSize, keepFontSize, keepReaderMode, readerMode } from './preferences'
import { saveText } from './save-text'
import { terminalMessages as t } from './terminal-messages'
import type { TerminalHandle } from './use-terminal'

type Props = {
  handle: TerminalHandle | null
  view: ConsoleView | null
  file: string
  /** Where it can stand beside others; absent where it does, and for what is no guest's. */
  splitHref: string | null
  /** What has no button of its own where there is little room. */
  before?: MenuEntry[]
  after?: MenuEntry[]
  onType: () => void
  onSaid(words: string): void
}

/** What is wanted now and then: the whole text, its look, the size of the window. */
export function MoreMenu({ handle, view, file, splitHref, before = [], after = [], onType, onSaid }: Props) {
  const [reader, setReader] = useState(readerMode)
  const [looking, setLooking] = useState(false)
  const glass = handle?.glass
  const resize = (by: number) => {
    glass?.setFontSize(keepFontSize(fontSize() + by))
    const fitting = glass?.fitting()
    if (fitting && view && view.writer === view.me) {
      glass?.terminal.resize(fitting.cols, fitting.rows)
      handle?.connection.resize(fitting)
    }
    glass?.terminal.focus()
  }
  const toggleReader = () => {
    keepReaderMode(!reader)
    setReader(!reader)
    if (glass) glass.terminal.options.screenReaderMode = !reader
  }
  const fullScreen = async () => {
    const frame = glass?.terminal.element?.closest('.console-pane, .console')
    if (!frame) return
    const full = await toggleFullScreen(frame)
    if (full) onSaid(full === 'refused' ? t.fullScreenRefused : t.fullScreenHint)
    glass?.terminal.focus()
  }
  return (
    <>
      <Menu
        label={t.more}
        items={() => [
          ...before,
          { label: t.typeKeys, run: onType },
          'line',
          { label: t.copyAll, run: async () => onSaid((await writeClipboard(glass?.text() ?? '')) ? m.copied : t.noClipboard) },
          {
            label: t.save,
            run: () => {
              saveText(file, glass?.text() ?? '')
              onSaid(t.saved)
            },
          },
          { label: t.past[handle?.past() ?? 'all'], run: () => handle?.loadPast(), disabled: handle?.past() !== 'more' },
          'line',
          { label: m.larger, run: () => resize(1) },
          { label: m.smaller, run: () => resize(-1) },
          { label: m.reader, run: toggleReader, checked: reader },
          { label: t.looks, run: () => setLooking(true) },
          { label: t.fullScreen, run: () => void fullScreen() },
          ...(splitHref ? [{ label: t.split, run: () => location.assign(splitHref) }] : []),
          ...after,
        ]}
      />
      {looking && (
        <LooksDialog
          handle={handle}
          onClose={() => {
            setLooking(false)
            glass?.focusNext()
          }}
        />
      )}
    </>
  )
}
