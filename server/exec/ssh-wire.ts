/** Pieces of ssh's binary form (RFC 4251, 5): numbers are big-endian, strings carry their length. */
export type Part = number | string | Uint8Array | boolean

/** Numbers become uint32, booleans a byte, strings and bytes a string with its length. */
export function pack(...parts: Part[]): Buffer {
  const pieces: Buffer[] = []
  for (const part of parts) {
    if (typeof part === 'number') {
      const number = Buffer.allocUnsafe(4)
      number.writeUInt32BE(part)
      pieces.push(number)
    } else if (typeof part === 'boolean') pieces.push(Buffer.of(part ? 1 : 0))
    else {
      const bytes = typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.buffer, part.byteOffset, part.byteLength)
      const length = Buffer.allocUnsafe(4)
      length.writeUInt32BE(bytes.length)
      pieces.push(length, bytes)
    }
  }
  return Buffer.concat(pieces)
}

/** Reads a packed message from its front. A message that is too short throws a RangeError. */
export class Unpack {
  private at = 0
  constructor(private readonly bytes: Buffer) {}

  number(): number {
    const value = this.bytes.readUInt32BE(this.at)
    this.at += 4
    return value
  }
  byte(): number {
    const value = this.bytes.readUInt8(this.at)
    this.at += 1
    return value
  }
  data(): Buffer {
    const length = this.number()
    if (this.at + length > this.bytes.length) throw new RangeError('A message of ssh is shorter than it says')
    const value = this.bytes.subarray(this.at, this.at + length)
    this.at += length
    return value
  }
  text(): string {
    return this.data().toString('utf8')
  }
}

/** Cuts a stream into messages that each begin with their length as uint32. `limit`: a longer one is an error. */
export class Frames {
  private pieces: Buffer[] = []
  private held = 0
  constructor(
    private readonly limit: number,
    private readonly onFrame: (frame: Buffer) => void,
  ) {}

  add(piece: Buffer): void {
    this.pieces.push(piece)
    this.held += piece.length
    for (;;) {
      if (this.held < 4) return
      let first = this.pieces[0] ?? Buffer.alloc(0)
      if (first.length < 4) first = this.join()
      const length = first.readUInt32BE(0)
      if (length > this.limit) throw new RangeError(`A message of ssh has ${length} bytes`)
      if (this.held < 4 + length) return
      if (first.length < 4 + length) first = this.join()
      const rest = first.subarray(4 + length)
      this.held -= 4 + length
      if (rest.length > 0) this.pieces[0] = rest
      else this.pieces.shift()
      this.onFrame(first.subarray(4, 4 + length))
    }
  }

  private join(): Buffer {
    const all = Buffer.concat(this.pieces)
    this.pieces = [all]
    return all
  }
}
