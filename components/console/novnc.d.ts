/** The part of noVNC that the screen uses; the package brings no types of its own. */
declare module '@novnc/novnc' {
  type Credentials = { username?: string; password?: string; target?: string }
  /** What it needs of a WebSocket. */
  export type Channel = {
    binaryType: string
    readonly protocol: string
    readonly readyState: number
    onopen: (() => void) | null
    onmessage: ((event: { data: ArrayBuffer }) => void) | null
    onclose: ((event: { code: number; reason: string }) => void) | null
    onerror: (() => void) | null
    send(data: Uint8Array): void
    close(): void
  }
  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, channel: string | Channel, options?: { shared?: boolean; credentials?: Credentials })
    background: string
    scaleViewport: boolean
    resizeSession: boolean
    clipViewport: boolean
    dragViewport: boolean
    viewOnly: boolean
    focusOnClick: boolean
    showDotCursor: boolean
    qualityLevel: number
    compressionLevel: number
    disconnect(): void
    focus(options?: FocusOptions): void
    blur(): void
    sendKey(keysym: number, code: string | null, down?: boolean): void
    clipboardPasteFrom(text: string): void
    toBlob(then: (blob: Blob | null) => void, type?: string): void
  }
}
