import { useEffect, useState } from 'react'
import { nameOf, strokeOf } from './combination'
import { CombinationDialog } from './combination-dialog'
import { toggleFullScreen } from './full-screen'
import { layoutOf } from './layouts/layouts'
import { planKeys } from './layouts/strokes'
import { Menu, type MenuEntry } from './menu'
import { consoleMessages as m } from './messages'
import { People } from './people-panel'
import { ScreenClipboard } from './screen-clipboard'
import type { ScreenConnection, ScreenView } from './screen-connection'
import { screenMessages as s } from './screen-messages'
import { type Keyboard, type ScreenSettings, sizes } from './screen-settings'
import { ScreenSettingsDialog } from './screen-settings-dialog'
import { terminalMessages as t } from './terminal-messages'
import { useSaid } from './use-said'
import type { WatchTarget } from './watch-links'
import { whoTypes } from './who-types'

type Props = {
  /** Little room: all that is done with the screen goes into one menu. */
  narrow: boolean
  name: string
  view: ScreenView | null
  connection: ScreenConnection | null
  watch: WatchTarget | null
  settings: ScreenSettings
  onSettings(settings: ScreenSettings): void
  keyboard: Keyboard
  onKeyboard(keyboard: Keyboard): void
  onType: () => void
}

const single = ['Escape', 'Tab', 'PrintScreen', 'Pause', 'ContextMenu']
const functions = Array.from({ length: 12 }, (_, at) => `F${at + 1}`)

/** Who types, and everything that one does with a screen. */
export function ScreenTools({ narrow, name, view, connection, watch, settings, onSettings, keyboard, onKeyboard, onType }: Props) {
  const [open, setOpen] = useState<'combination' | 'settings' | 'clipboard' | null>(null)
  const [looking, setLooking] = useState(false)
  const [said, setSaid] = useSaid()
  const focus = () => connection?.focus()
  const close = () => setOpen(null)
  // After the dialog has given the focus back to a menu that is no longer there: keys belong to the guest.
  useEffect(() => {
    if (open === null) connection?.focus()
  }, [open, connection])
  const stroke = (stroke: Parameters<ScreenConnection['stroke']>[0]) => {
    connection?.stroke(stroke)
    focus()
  }
  const layout = layoutOf(keyboard)
  const codeOf = (character: string) => planKeys(character, layout).typed[0]?.strokes.at(-1)?.code
  const save = async () => {
    const blob = await connection?.screenshot()
    if (!blob) return setSaid(s.noPicture)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = `${name}.png`
    link.click()
    URL.revokeObjectURL(link.href)
    setSaid(s.saved)
  }
  const ctrlAltDel = () => stroke({ code: 'Delete', ctrl: true, alt: true })
  const keys: MenuEntry[] = [
    { label: s.ctrlAltDel, run: ctrlAltDel },
    { label: t.combination, run: () => setOpen('combination') },
    'line',
    ...single.map((code) => ({ label: code, run: () => stroke({ code }) })),
    ...functions.map((code) => ({ label: code, run: () => stroke({ code }) })),
    'line',
    ...functions.slice(0, 6).map((code) => ({ label: `Ctrl-Alt-${code}`, run: () => stroke({ code, ctrl: true, alt: true }) })),
    'line',
    ...Object.entries(s.sysrqs).map(([key, what]) => ({
      label: s.sysrq(key.toUpperCase(), what),
      run: () => sysrq(connection, codeOf(key)),
    })),
  ]
  const may = connection?.mayType ?? false
  const looks: MenuEntry[] = [
    ...sizes.map((size) => ({ label: s.sizes[size], checked: settings.size === size, run: () => onSettings({ ...settings, size }) })),
    'line',
    {
      label: s.viewOnly,
      checked: looking,
      run: () => {
        if (connection) connection.viewOnly = !looking
        setLooking(!looking)
      },
    },
    { label: s.screenshot, run: () => void save() },
    { label: s.clipboard, run: () => setOpen('clipboard') },
    { label: s.settings, run: () => setOpen('settings') },
    'line',
    {
      label: t.fullScreen,
      run: async () => {
        const frame = document.querySelector('.console')
        const full = frame && (await toggleFullScreen(frame))
        if (full) setSaid(full === 'refused' ? t.fullScreenRefused : t.fullScreenHint)
        focus()
      },
    },
  ]
  // Where nobody types, whoever begins to has control: no button is needed where there is little room.
  const mayTake = view?.link === 'open' && view.mode === 'type' && view.writer !== view.me && !(narrow && view.writer === null)
  const words = (count: boolean) => [view ? whoTypes(view, { count }) : m.link.connecting, said].filter(Boolean).join(' · ')
  const who = words(true)
  const short = words(!mayTake)
  return (
    <>
      {/* Where there is little room it stands on the button beside, and here for screen readers. */}
      <span className={narrow ? 'sr-only' : 'console-pill'} role="status">
        {who}
      </span>
      {mayTake && (
        <button
          type="button"
          className="console-button console-primary"
          onClick={() => {
            connection?.take()
            focus()
          }}
        >
          {m.take}
        </button>
      )}
      <People view={view} connection={connection} watch={watch} words={narrow ? short : undefined} onDone={focus} />
      <span className="grow" />
      {narrow ? (
        <Menu label={t.more} items={[{ label: m.paste, run: onType, disabled: !may }, 'line', ...looks, 'line', ...keys]} />
      ) : (
        <>
          <button type="button" className="console-button" disabled={!may} onClick={onType}>
            {m.paste}
          </button>
          <button type="button" className="console-button" disabled={!may} onClick={ctrlAltDel}>
            {s.ctrlAltDel}
          </button>
          <Menu label={m.sendKeys} items={keys} />
          <Menu label={s.view} items={looks} />
        </>
      )}
      {open === 'combination' && (
        <CombinationDialog
          onClose={close}
          onSend={(combination) => {
            const made = strokeOf(combination, codeOf)
            if (!made) return s.noKey(nameOf(combination))
            connection?.stroke(made)
            return null
          }}
        />
      )}
      {open === 'settings' && <ScreenSettingsDialog {...{ settings, onSettings, keyboard, onKeyboard }} onClose={close} />}
      {open === 'clipboard' && (
        <ScreenClipboard fromGuest={view?.clipboard.text ?? ''} mayPut={may} onPut={(text) => connection?.clip(text)} onClose={close} />
      )}
    </>
  )
}

/** Alt and SysRq are held while the letter is pressed: the kernel reads nothing else as a command. */
function sysrq(connection: ScreenConnection | null, code: string | undefined): void {
  if (!connection || !code) return
  const held = ['AltLeft', 'PrintScreen']
  for (const each of held) connection.press({ code: each, keysym: each === 'AltLeft' ? 0xffe9 : 0xff15, down: true })
  connection.stroke({ code })
  for (const each of held.toReversed()) connection.press({ code: each, keysym: each === 'AltLeft' ? 0xffe9 : 0xff15, down: false })
  connection.focus()
}
