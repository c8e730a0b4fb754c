import { StringDecoder } from 'node:string_decoder'

/** Collects a stream's bytes up to a limit; what is beyond is dropped and counted as truncated. */
export class Capped {
  private readonly pieces: Buffer[] = []
  private readonly decoder = new StringDecoder('utf8')
  private kept = 0
  truncated = false

  constructor(
    private readonly limit: number,
    private readonly onText?: (text: string) => void,
  ) {}

  add(piece: Buffer): void {
    if (this.onText) {
      const text = this.decoder.write(piece)
      if (text) this.onText(text)
    }
    const room = this.limit - this.kept
    if (piece.length > room) this.truncated = true
    if (room <= 0) return
    const kept = piece.length > room ? piece.subarray(0, room) : piece
    this.pieces.push(kept)
    this.kept += kept.length
  }

  bytes(): Buffer {
    return Buffer.concat(this.pieces)
  }

  text(): string {
    return this.bytes().toString('utf8')
  }
}
