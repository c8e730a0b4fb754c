import { connect } from 'node:net'
import type { ExecError } from './error'
import { Channel, type ChannelEvents, message, packetBytes, windowBytes } from './ssh-channel'
import { Frames, pack, Unpack } from './ssh-wire'

/** A channel that the host did not open, in its own words. `prohibited`: its configuration says no. */
export class OpenRefused extends Error {
  constructor(
    message: string,
    readonly prohibited: boolean,
  ) {
    super(message)
  }
}
/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED */
const prohibited = 1

/** Channels over the one connection that ssh's master holds. */
export type Mux = {
  /** Rejects with `OpenRefused` when the host says no, and with `ExecError` when the connection is lost. */
  open(kind: string, details: Buffer, events: ChannelEvents): Promise<Channel>
  /** Fails every channel with this error. */
  close(error: ExecError): void
}

/** Messages between ssh and its multiplexing master, from OpenSSH's PROTOCOL.mux. */
const hello = 0x00000001
const protocolVersion = 4
const askProxy = 0x1000000f
const proxyGranted = 0x8000000f
const longestFrame = 512 * 1024

type Pending = { events: ChannelEvents; resolve: (channel: Channel) => void; reject: (error: Error) => void }

/**
 * Speaks with a master at its control socket, in its proxy mode: it passes on the messages of the connection protocol
 * (RFC 4254) and encrypts them. So one process serves every command of a host, how each ended is told exactly, and
 * what a reader does not take up holds back only its own command. In OpenSSH since 7.4 (2016).
 * Rejects when the master does not answer as one. `onLost`: the socket was closed by the other side.
 */
export function openMux(path: string, onLost: (error?: Error) => void): Promise<Mux> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    const channels = new Map<number, Channel>()
    const pending = new Map<number, Pending>()
    let nextId = 0
    let proxied = false
    let over: ExecError | undefined

    function send(kind: number, payload: Buffer): void {
      const head = Buffer.allocUnsafe(6)
      head.writeUInt32BE(payload.length + 2)
      head[4] = 0
      head[5] = kind
      if (socket.writable) socket.write(Buffer.concat([head, payload]))
    }

    function opened(kind: number, id: number, rest: Unpack): void {
      const asked = pending.get(id)
      if (!asked) return
      pending.delete(id)
      if (kind === message.openFailed) {
        const reason = rest.number()
        asked.reject(new OpenRefused(rest.text(), reason === prohibited))
        return
      }
      const remote = { id: rest.number(), window: rest.number(), packet: rest.number() }
      const channel = new Channel(remote, send, asked.events)
      channels.set(id, channel)
      asked.resolve(channel)
    }

    function received(frame: Buffer): void {
      const rest = new Unpack(frame)
      if (!proxied) {
        const kind = rest.number()
        if (kind === hello) {
          socket.write(pack(Buffer.concat([pack(hello, protocolVersion)])))
          socket.write(pack(Buffer.concat([pack(askProxy, 0)])))
        } else if (kind === proxyGranted) {
          proxied = true
          resolve({ open, close })
        } else reject(new Error('The ssh of this machine cannot share a connection: OpenSSH 7.4 or newer is needed'))
        return
      }
      rest.byte()
      const kind = rest.byte()
      if (kind < message.opened || kind > message.failure) return
      const id = rest.number()
      if (kind === message.opened || kind === message.openFailed) opened(kind, id, rest)
      else if (channels.get(id)?.receive(kind, rest)) channels.delete(id)
    }

    function open(kind: string, details: Buffer, events: ChannelEvents): Promise<Channel> {
      if (over) return Promise.reject(over)
      const id = nextId++
      return new Promise((resolveOpen, rejectOpen) => {
        pending.set(id, { events, resolve: resolveOpen, reject: rejectOpen })
        send(message.open, Buffer.concat([pack(kind, id, windowBytes, packetBytes), details]))
      })
    }

    function close(error: ExecError): void {
      over ??= error
      socket.destroy()
      for (const { reject: refuse } of pending.values()) refuse(error)
      pending.clear()
      for (const channel of channels.values()) channel.lost(error)
      channels.clear()
    }

    const frames = new Frames(longestFrame, received)
    let fault: Error | undefined
    socket.on('data', (piece: Buffer) => {
      try {
        frames.add(piece)
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)))
      }
    })
    socket.on('error', (error) => {
      fault = error
    })
    socket.on('close', () => {
      reject(fault ?? new Error('The shared ssh connection was closed'))
      if (!over) onLost(fault)
    })
  })
}
