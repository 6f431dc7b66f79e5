/** Bytes of a piece that is used again: those of a message of small chunks, with the gaps between them. */
const pieceBytes = 1024 * 1024 + 64 * 1024;
/** What is smaller gets memory of its own: many small messages may be under way. */
const leastBytes = 256 * 1024;
/** Pieces that are kept. */
const mostSpare = 8;

/** Memory in which messages are put together: fresh memory would cost more than copying the chunks. */
export class GatheringMemory {
  readonly #spare: Uint8Array[] = [];

  /** Memory with unknown contents, until `letGo`. */
  take(bytes: number): { readonly bytes: Uint8Array; readonly letGo: () => void } {
    if (bytes < leastBytes || bytes > pieceBytes) {
      return { bytes: Buffer.allocUnsafeSlow(bytes), letGo: () => undefined };
    }
    const piece = this.#spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
    return {
      bytes: piece.subarray(0, bytes),
      letGo: () => {
        if (this.#spare.length < mostSpare) this.#spare.push(piece);
      },
    };
  }
}
