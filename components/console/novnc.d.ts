/** The part of noVNC that the screen uses; the package brings no types of its own. */
declare module '@novnc/novnc' {
  type Credentials = { username?: string; password?: string; target?: string }
  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, channel: string | WebSocket, options?: { shared?: boolean; credentials?: Credentials })
    background: string
    scaleViewport: boolean
    resizeSession: boolean
    clipViewport: boolean
    viewOnly: boolean
    focusOnClick: boolean
    disconnect(): void
    focus(options?: FocusOptions): void
    blur(): void
    sendCredentials(credentials: Credentials): void
    sendCtrlAltDel(): void
    sendKey(keysym: number, code: string | null, down?: boolean): void
    clipboardPasteFrom(text: string): void
  }
}
